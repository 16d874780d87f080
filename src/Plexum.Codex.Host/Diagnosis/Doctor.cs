using System.Runtime.CompilerServices;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Host.Ownership;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>
/// Checks the configuration, the disk, the profile, the limits, the daemon, codex and its login, and runs one turn against a loopback
/// model.
/// </summary>
internal sealed class Doctor(Profile profile, IReadOnlyList<string> assignments)
{
    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (settings, configuration) = Configuration();
        yield return configuration;
        foreach (var warning in settings?.Warnings ?? [])
        {
            yield return new Finding(warning, "Remove it or correct its name.");
        }

        var disks = DiskCheck.RunAsync(profile, settings, TimeProvider.System, cancellationToken);
        await foreach (var finding in disks.ConfigureAwait(false))
        {
            yield return finding;
        }

        await foreach (var finding in DirectoriesAsync(TimeProvider.System, cancellationToken).ConfigureAwait(false))
        {
            yield return finding;
        }

        foreach (var finding in LimitsCheck.Run())
        {
            yield return finding;
        }

        if (settings is null)
        {
            yield break;
        }

        foreach (var finding in await DaemonCheck.RunAsync(settings, cancellationToken).ConfigureAwait(false))
        {
            yield return finding;
        }

        yield return settings.ChecksOwners
            ? CodexHomeCheck.Run(settings)
            : ModesCheck.Of(settings.Exec.CodexHome) ?? CodexHomeCheck.Run(settings);
        foreach (var finding in ThreadsCheck.Run(settings))
        {
            yield return finding;
        }

        if (MoleculeCheck.Run(settings) is { } molecule)
        {
            yield return molecule;
        }

        var (binary, found) = await BinaryAsync(settings, cancellationToken).ConfigureAwait(false);
        yield return found;
        if (binary is not null)
        {
            yield return await LoginCheck.RunAsync(settings, binary, cancellationToken).ConfigureAwait(false);
            if (SandboxCheck.OfPermissions(settings) is { } permissions)
            {
                yield return permissions;
            }

            yield return await SandboxCheck.OfConfinementAsync(settings, binary).ConfigureAwait(false);
            yield return await LoopbackTurn.RunAsync(binary, assignments, cancellationToken).ConfigureAwait(false);
        }
    }

    private (ProgramSettings? Settings, Finding Finding) Configuration()
    {
        try
        {
            return (ProgramSettings.Load(profile, assignments), new Finding("The configuration is valid."));
        }
        catch (ConfigurationProblemsException e)
        {
            return (null, new Finding("The configuration is invalid.", string.Join('\n', e.Problems)));
        }
        catch (ExposedPathException e)
        {
            return (null, new Finding(e.What, e.Remedy));
        }
    }

    // A disk that does not answer to one write would not to the others either.
    private async IAsyncEnumerable<Finding> DirectoriesAsync(
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var directory in new[] { profile.Root, profile.Agents, profile.Logs }.Concat(Workspaces()))
        {
            var advice = Profile.Advice;
            var probe = new WriteProbe(() => FileWork.Run(() => WritableDirectory.WhyNot(directory) ?? WhyFull(directory)), time);
            if (await probe.TryAsync(WriteProbe.DefaultLimit, cancellationToken).ConfigureAwait(false) is not { } reason)
            {
                yield return (IsOurs(directory) ? ModesCheck.Of(directory) : null) ?? new Finding($"Files can be created in {directory}.");
                continue;
            }

            yield return new Finding($"{directory} is not writable: {reason}", probe.IsTrying ? DiskCheck.HangAdvice : advice);
            if (probe.IsTrying)
            {
                yield break;
            }

            string? WhyFull(string place)
            {
                advice = DiskCheck.Advice;
                return WriteProbe.Write(place);
            }
        }
    }

    // Who else may write to a workspace is the user's own business.
    private bool IsOurs(string directory) => directory == profile.Root || directory == profile.Agents || directory == profile.Logs;

    private IEnumerable<string> Workspaces()
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(profile.Agents)
                    .Select(Path.GetFileName)
                    .Where(name => AgentId.TryParse(name, out _))
                    .Select(name => new AgentDirectory(profile.Root, AgentId.Parse(name)).DefaultWorkspace)
                    .Where(Directory.Exists)
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The parent directory was already reported.
            return [];
        }
    }

    private static async Task<(CodexBinary? Binary, Finding Finding)> BinaryAsync(
        ProgramSettings settings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var binary = await CodexBinary
                .ResolveAsync(
                    settings.Binary,
                    Environment.GetEnvironmentVariable("PATH"),
                    settings.Agents.Sandbox == CodexSandbox.None ? null : TrustedPlace.Outside(),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return (binary, new Finding($"codex {binary.Version} is at {binary.Describe()}."));
        }
        catch (CodexUnavailableException e)
        {
            return (null, new Finding("No usable codex was found.", e.Message));
        }
    }
}
