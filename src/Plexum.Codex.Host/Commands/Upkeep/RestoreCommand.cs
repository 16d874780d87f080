using System.CommandLine;
using Plexum.Codex.Host.Backups;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary><c>restore</c>: puts a backup into the profile, and codex's rollouts of its threads into codex's home.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Source = new("FILE") { Description = "An archive that \"plexum-codex backup\" has written." };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "If the profile is not empty, move what it has into a directory of its own first.",
    };

    public static Command Create()
    {
        var command = new Command(
            "restore",
            "Put a backup into the profile, while no daemon and no turn runs. What codex's home has already of the agents' threads stays "
                + "as it is. If it is killed, run it again: it first puts back what the profile had. "
                + "Exit codes: 0 restored, 2 refused or failed; then the profile is as it was, or the message says where that is."
        )
        {
            Source,
            Replace,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        // The profile's own settings are about to be replaced, and may be what is broken.
        var profile = Profile.OfUser();
        var environment = Environment.GetEnvironmentVariables();
        ProgramSettings.CheckOwners(profile, environment);
        var archive = Path.GetFullPath(arguments.GetValue(Source)!);
        var restore = new ProfileRestore(profile, Profile.CodexHome(environment), TimeProvider.System);
        var summary = await FileWork.Run(() => restore.Restore(archive, arguments.GetValue(Replace))).ConfigureAwait(false);

        Console.Out.WriteLine(
            $"Restored into {profile.Root}: the backup of {summary.Manifest.Profile} of {summary.Manifest.CreatedAt:u}, made by "
                + $"plexum-codex {summary.Manifest.Program}. Rollouts put into codex's home: {summary.Rollouts}."
        );
        if (summary.Undone)
        {
            Console.Out.WriteLine("An earlier restore was interrupted, and was undone first.");
        }

        if (summary.Aside is { } aside)
        {
            Console.Out.WriteLine($"What the profile had before is in {aside}.");
        }

        if (!summary.Kept.IsEmpty)
        {
            Console.Out.WriteLine($"Rollouts that codex's home had already, and that were left as they are: {summary.Kept.Length}.");
        }

        TellWhatIsElsewhere(profile, Profile.CodexHome(environment), summary);
        Console.Out.WriteLine(
            "Start the daemon with \"plexum-codex daemon start\": it runs the turns that were queued when the backup was made. "
                + "A token file for TCP is made anew at its start."
        );
        return ExitCodes.Done;
    }

    private static void TellWhatIsElsewhere(Profile profile, string codexHome, RestoreSummary summary)
    {
        var manifest = summary.Manifest;
        if (manifest.Profile != profile.Root)
        {
            Console.Out.WriteLine($"The backup is of another profile, {VisibleText.OneLine(manifest.Profile)}; that one was not changed.");
        }

        if (manifest.CodexHome != codexHome)
        {
            Console.Out.WriteLine(
                $"codex's home was {VisibleText.OneLine(manifest.CodexHome)} when the backup was made, and is {codexHome} now; "
                    + "the rollouts are there."
            );
        }

        foreach (var workspace in summary.Workspaces.Where(path => !RealPath.IsWithin(path, profile.Root)))
        {
            Console.Out.WriteLine(
                $"An agent's workspace lies outside the profile, and was not restored: {VisibleText.OneLine(workspace)}"
                    + (Directory.Exists(workspace) ? "." : ", which is not there. Put it there, or give the agent another.")
            );
        }
    }
}
