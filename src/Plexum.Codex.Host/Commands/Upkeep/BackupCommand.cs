using System.CommandLine;
using Plexum.Codex.Host.Backups;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary><c>backup</c>: writes what the profile has, and which of codex's files belong to it, into an archive.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> Target = new("FILE")
    {
        Description = "The new archive: a name that ends in .tar.zst (compressed) or .tar.",
    };

    public static Command Create()
    {
        var command = new Command(
            "backup",
            "Write the ledger, the agents with their turns and workspaces, whose thread is whose, the settings, the tokens without their "
                + "secrets, and codex's rollouts of the agents' threads into an archive. Works with a daemon and without one. The archive "
                + "has prompts and answers; it has no login of codex. Exit codes: 0 written, 2 not written."
        )
        {
            Target,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(arguments.GetValue(Target)!);
        var settings = OperatorSettings.Load(Profile.OfUser(), arguments.GetValue(CommonOptions.Set)!);
        if (!path.EndsWith(".tar", StringComparison.Ordinal) && !path.EndsWith(".tar.zst", StringComparison.Ordinal))
        {
            throw new CodexException($"The name of a backup ends in .tar.zst or .tar; {path} does not.");
        }

        if (RealPath.IsWithin(path, settings.Profile.Root))
        {
            throw new CodexException($"{path} is in the profile that it would back up; name a file elsewhere, best on another disk.");
        }

        var summary = await FileWork.Run(() => new BackupWriter(settings, TimeProvider.System).Write(path)).ConfigureAwait(false);
        foreach (var left in summary.LeftOut)
        {
            StderrMessages.Write($"Not in the backup: {left}.");
        }

        foreach (var workspace in summary.Elsewhere)
        {
            StderrMessages.Write($"Not in the backup: the workspace {workspace}, which lies outside the profile.");
        }

        Console.Out.WriteLine(
            $"Written: {path} ({TurnTexts.Count(summary.Bytes)} bytes, {TurnTexts.Count(summary.Files)} files, "
                + $"{TurnTexts.Count(summary.Rollouts)} of them rollouts of codex)"
        );
        return ExitCodes.Done;
    }
}
