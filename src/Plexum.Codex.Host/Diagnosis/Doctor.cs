using System.Diagnostics;
using System.Runtime.CompilerServices;
using Plexum.Codex.Host.Commands;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Turns;
using Plexum.Codex.LoopbackModel;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Looks at the configuration, codex, its login, the profile, and runs one turn against a model on loopback.</summary>
internal sealed class Doctor(Profile profile, IReadOnlyList<string> assignments)
{
    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (settings, configuration) = Configuration();
        yield return configuration;
        if (settings is null)
        {
            yield break;
        }

        foreach (var warning in settings.Warnings)
        {
            yield return new Finding(warning, "Remove the key, or correct its name.");
        }

        foreach (var directory in new[] { profile.Root, Path.Combine(profile.Root, "agents"), profile.Logs })
        {
            yield return Writable(directory);
        }

        var (binary, found) = await BinaryAsync(settings, cancellationToken).ConfigureAwait(false);
        yield return found;
        if (binary is not null)
        {
            yield return await LoginAsync(binary, cancellationToken).ConfigureAwait(false);
            yield return await TurnAsync(binary, cancellationToken).ConfigureAwait(false);
        }
    }

    private (HostSettings? Settings, Finding Finding) Configuration()
    {
        try
        {
            return (HostSettings.Load(profile, assignments), new Finding("The configuration can be read."));
        }
        catch (ConfigurationProblemsException e)
        {
            return (null, new Finding("The configuration cannot be used.", string.Join('\n', e.Problems)));
        }
    }

    private static Finding Writable(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, $".probe-{Environment.ProcessId}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return new Finding($"{directory} can be written to.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding($"{directory} cannot be written to: {e.Message}", $"Give this user the directory, or set {Profile.RootVariable} to another one.");
        }
    }

    private static async Task<(CodexBinary? Binary, Finding Finding)> BinaryAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var binary = await CodexBinary.ResolveAsync(settings.Binary, Environment.GetEnvironmentVariable("PATH"), cancellationToken).ConfigureAwait(false);
            return (binary, new Finding($"codex {binary.Version} is at {binary.Path}."));
        }
        catch (CodexUnavailableException e)
        {
            return (null, new Finding("There is no codex that can be used.", e.Message));
        }
    }

    private static async Task<Finding> LoginAsync(CodexBinary binary, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(binary.Path, ["login", "status"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        var text = $"{await output.ConfigureAwait(false)}{await errors.ConfigureAwait(false)}".Trim().Split('\n')[^1];
        return process.ExitCode == 0
            ? new Finding($"codex says: {text}.")
            : new Finding($"codex says: {text}.", "Run codex login, or set the key that your provider in codex's config.toml expects.");
    }

    private static async Task<Finding> TurnAsync(CodexBinary binary, CancellationToken cancellationToken)
    {
        const string Greeting = "the doctor says hello";
        using var place = new TemporaryProfile("doctor");
        await using var model = await LoopbackModelServer.StartAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var system = CodexSystem.Start(place.Settings(model, binary.Path, []));
        var agent = AgentId.Parse("doctor");
        var turn = system.Submit(new TurnRequest(
            agent, new AgentDirectory(system.Environment.Profile, agent).DefaultWorkspace, null, [TurnMessage.User(Greeting)]));
        var problem = (await turn.Refusal.ConfigureAwait(false))?.Message;
        var answered = false;
        if (problem is null)
        {
            await foreach (var line in turn.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (CanonicalJsonReader.TryRead(line.Json, out _, out var value))
                {
                    answered |= value is CanonicalEvent.TextDelta { Text: Greeting };
                    problem = (value as CanonicalEvent.Error)?.Message ?? problem;
                }
            }
        }

        return answered
            ? new Finding("A turn with a model on loopback went well.")
            : new Finding("A turn with a model on loopback failed.", problem ?? "codex gave no answer; run plexum-codex demo and look into its output.");
    }
}
