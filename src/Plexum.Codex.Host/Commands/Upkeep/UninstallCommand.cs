using System.Collections.Immutable;
using System.CommandLine;
using Plexum.Codex.AppServer.Running;
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
        await FileWork.Run(() => Check(profile, units, purge)).ConfigureAwait(false);
        foreach (var unit in units)
        {
            await RemoveAsync(profile, unit, dryRun, cancellationToken).ConfigureAwait(false);
        }

        RemovePlugin(PluginFolder.Of(profile), dryRun);
        var targets = purge ? await FileWork.Run(() => PurgeProfile(profile, contents, dryRun)).ConfigureAwait(false) : [];
        TellWhatIsLeft(profile, contents, purge, targets);
        return ExitCodes.Done;
    }

    // Before anything is removed. What a unit of these runs is about to be stopped; nothing else is.
    private static void Check(Profile profile, ImmutableArray<UnitFile> units, bool purge)
    {
        var daemon = RunningDaemon.Find(profile);
        if (daemon is not null && units.All(unit => unit.Name != daemon.Unit))
        {
            if (purge)
            {
                throw new CodexException(
                    $"A daemon of the profile {profile.Root} is running: process {daemon.Pid}. Nothing was removed. Stop it with "
                        + "\"plexum-codex daemon stop\", then purge."
                );
            }

            StderrMessages.Write($"A daemon still runs: process {daemon.Pid}; \"plexum-codex daemon stop\" stops it.");
        }

        if (purge)
        {
            RunningTurns.ThrowIfAny(profile, "A purge");
            if (daemon is null)
            {
                ThrowIfServed(profile);
            }
        }
    }

    // Without its record, nobody would find it any more.
    private static void ThrowIfServed(Profile profile)
    {
        if (ServerSighting.OfProfile(profile.Root) is [{ Pid: var pid }, ..])
        {
            throw new CodexException(
                FormattableString.Invariant($"A codex app-server of the profile {profile.Root} still runs: process {pid}. ")
                    + "\"plexum-codex daemon start\" takes it over, and \"plexum-codex daemon stop\" then ends it; purge after that."
            );
        }
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
            Remove(unit);
            Console.Out.WriteLine($"removed: the unit {unit.Path}");
            return;
        }

        Remove(unit);
        await Systemctl.RunAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"stopped, disabled and removed: the unit {unit.Path}");
    }

    // systemd enables a unit by a link to it in a directory of those that want it (systemd.unit(5), "[INSTALL] SECTION OPTIONS").
    private static void Remove(UnitFile unit)
    {
        foreach (var wants in Directory.EnumerateDirectories(Path.GetDirectoryName(unit.Path)!, "*.wants"))
        {
            var link = Path.Combine(wants, unit.Name);
            if (FileStatus.OfPath(link) is { Kind: FileKind.Link })
            {
                File.Delete(link);
            }
        }

        File.Delete(unit.Path);
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

    private static List<string> PurgeProfile(Profile profile, ProfileContents contents, bool dryRun)
    {
        var paths = contents.Paths;
        Console.Out.WriteLine($"{(dryRun ? "would be deleted" : "to be deleted")}: agents: {TurnTexts.Count(contents.Agents)}, and in all");
        var targets = new List<string>();
        foreach (var path in paths)
        {
            var (bytes, target) = ProfileContents.Look(path);
            var what = target is null ? $"{TurnTexts.Count(bytes)} bytes" : $"only the link; {VisibleText.OneLine(target)} stays";
            Console.Out.WriteLine($"    {path} ({what})");
            if (target is not null)
            {
                targets.Add(Path.GetFullPath(target, profile.Root));
            }
        }

        if (dryRun || !Directory.Exists(profile.Root))
        {
            return targets;
        }

        // No daemon starts meanwhile, but one may have started a turn since the first look. The lock's file goes too, and with it the lock.
        using var alone = DaemonLock.AcquireForUpkeep(profile);
        RunningTurns.ThrowIfAny(profile, "A purge");
        ThrowIfServed(profile);
        var others = contents.Delete();
        Console.Out.WriteLine(
            others.IsEmpty ? $"deleted: the profile {profile.Root}" : $"deleted. Of others, and left in it: {string.Join(", ", others)}"
        );
        return targets;
    }

    private static void TellWhatIsLeft(Profile profile, ProfileContents contents, bool purged, IEnumerable<string> targets)
    {
        Console.Out.WriteLine("Left:");
        if (!purged && !contents.Paths.IsEmpty)
        {
            Console.Out.WriteLine($"    the profile {profile.Root}; \"plexum-codex uninstall --purge\" deletes it");
        }

        foreach (var target in targets)
        {
            Console.Out.WriteLine($"    {VisibleText.OneLine(target)}, to which a link in the profile led");
        }

        Console.Out.WriteLine($"    the program, {Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)}");
        Console.Out.WriteLine(
            $"    codex with its login and threads, {Profile.CodexHome(Environment.GetEnvironmentVariables())}, which are codex's own"
        );
    }
}
