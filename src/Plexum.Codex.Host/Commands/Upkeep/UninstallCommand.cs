using System.CommandLine;
using Plexum.Codex.Host.Commands.Service;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Installation;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Units;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary><c>uninstall</c>: takes back what <c>install</c> and <c>install-plugin</c> have done, and names what is left.</summary>
internal static class UninstallCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be removed, and remove nothing." };

    private static readonly Option<bool> Purge = new("--purge")
    {
        Description = "Also delete the profile: the agents with their workspaces, the ledger, the settings, the logs. Codex's files stay.",
    };

    public static Command Create()
    {
        var command = new Command(
            "uninstall",
            "Stop and remove the profile's systemd unit, remove the plugin of a Plexum host from the profile, and say what is left. "
                + "Exit codes: 0 done, 2 refused or failed."
        )
        {
            DryRun,
            Purge,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = Profile.OfUser();
        var (dryRun, purge) = (arguments.GetValue(DryRun), arguments.GetValue(Purge));
        var contents = new ProfileContents(profile);
        var units = UnitFile.Of(profile);
        foreach (var unit in units)
        {
            await RemoveAsync(profile, unit, dryRun, cancellationToken).ConfigureAwait(false);
        }

        // What the unit ran has ended by now. A daemon that somebody started by hand has not.
        if (units.IsEmpty || !dryRun)
        {
            ThrowIfRuns(profile, purge);
        }

        RemovePlugin(PluginFolder.Of(profile), dryRun);
        if (purge)
        {
            await FileWork.Run(() => PurgeProfile(profile, contents, dryRun)).ConfigureAwait(false);
        }

        TellWhatIsLeft(profile, contents, purge);
        return ExitCodes.Done;
    }

    private static void ThrowIfRuns(Profile profile, bool purge)
    {
        if (LockHolder.Find(profile.DaemonLockFile) is not { } holder)
        {
            return;
        }

        if (purge)
        {
            throw new CodexException(
                $"A daemon of the profile {profile.Root} is running: {holder}. Stop it with \"plexum-codex daemon stop\", then purge."
            );
        }

        StderrMessages.Write($"A daemon still runs: {holder}; \"plexum-codex daemon stop\" stops it.");
    }

    private static async Task RemoveAsync(Profile profile, UnitFile unit, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            Console.Out.WriteLine($"would be stopped, disabled and removed: the unit {unit.Path}");
            return;
        }

        try
        {
            await Systemctl.RunAsync(["disable", "--now", unit.Name], cancellationToken).ConfigureAwait(false);
        }
        catch (CodexException e) when (RunningDaemon.Find(profile)?.Unit != unit.Name)
        {
            // Without a systemd of this user, as in a container, a unit is only a file.
            StderrMessages.Write($"{e.Message} No daemon runs in the unit, so its file is removed all the same.");
            File.Delete(unit.Path);
            Console.Out.WriteLine($"removed: the unit {unit.Path}");
            return;
        }

        File.Delete(unit.Path);
        await Systemctl.RunAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"stopped, disabled and removed: the unit {unit.Path}");
    }

    private static void RemovePlugin(PluginFolder folder, bool dryRun)
    {
        if (!PluginRemoval.IsInstalled(folder))
        {
            return;
        }

        if (dryRun)
        {
            Console.Out.WriteLine($"would be removed: the plugin in {folder.Path}, but for its config.json");
            return;
        }

        var running = PluginRemoval.Remove(folder);
        Console.Out.WriteLine($"removed: the plugin in {folder.Path}, but for its config.json");
        foreach (var version in running)
        {
            Console.Out.WriteLine($"still running, and not removed: {version}");
        }
    }

    private static void PurgeProfile(Profile profile, ProfileContents contents, bool dryRun)
    {
        var paths = contents.Paths;
        Console.Out.WriteLine($"{(dryRun ? "would be deleted" : "to be deleted")}: agents: {TurnTexts.Count(contents.Agents)}, and in all");
        foreach (var path in paths)
        {
            Console.Out.WriteLine($"    {path} ({TurnTexts.Count(ProfileContents.SizeOf(path))} bytes)");
        }

        if (dryRun || !Directory.Exists(profile.Root))
        {
            return;
        }

        // No daemon starts meanwhile. The lock's file goes too, and with it the lock.
        using var alone = DaemonLock.Acquire(profile);
        var others = contents.Delete();
        Console.Out.WriteLine(
            others.IsEmpty ? $"deleted: the profile {profile.Root}" : $"deleted. Of others, and left in it: {string.Join(", ", others)}"
        );
    }

    private static void TellWhatIsLeft(Profile profile, ProfileContents contents, bool purged)
    {
        Console.Out.WriteLine("Left:");
        if (!purged && !contents.Paths.IsEmpty)
        {
            Console.Out.WriteLine($"    the profile {profile.Root}; \"plexum-codex uninstall --purge\" deletes it");
        }

        Console.Out.WriteLine($"    the program, {Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)}");
        Console.Out.WriteLine(
            $"    codex with its login and threads, {Profile.CodexHome(Environment.GetEnvironmentVariables())}, which are codex's own"
        );
    }
}
