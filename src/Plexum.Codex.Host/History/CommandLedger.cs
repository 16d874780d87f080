using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Sqlite.Ledger;
using Serilog;

namespace Plexum.Codex.Host.History;

/// <summary>
/// The ledger of a command that runs its own turns: the profile's own, beside a daemon that may start at any time. Each turn is owned by
/// the command's process. A daemon that starts leaves it alone while that process lives, and takes it over if it was killed.
/// </summary>
internal static class CommandLedger
{
    private const string Prefix = "command";

    /// <summary>Has a daemon take over the turns of commands that were killed. If that fails, its next start tries again.</summary>
    public static async Task TakeOverAsync(SqliteLedger ledger)
    {
        try
        {
            if (await ledger.TakeOverAsync(IsGone).ConfigureAwait(false) is > 0 and var taken)
            {
                Log.Information("Turns of commands that were killed: {Count} taken over", taken);
            }
        }
        catch (LedgerUnavailableException e)
        {
            Log.Warning("Turns of commands that were killed wait for the next start: {Error:l}", e.Message);
        }
    }

    /// <summary>Opens it. If that is impossible, turns run all the same and only this process knows of them.</summary>
    public static async Task<ITurnLedger> OpenAsync(ProgramSettings settings)
    {
        try
        {
            return await SqliteLedger
                .JoinAsync(
                    settings.Profile.LedgerFile,
                    TimeProvider.System,
                    sentence => Log.Warning("{Warning:l}", sentence),
                    ProcessIdentity.Read(Environment.ProcessId) is { } process ? OwnerOf(process) : TurnOwner.Local
                )
                .ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e)
        {
            Log.Warning("{Warning:l} This turn runs, but no command will list it.", e.Message);
            return new InMemoryLedger();
        }
    }

    /// <summary>The name of a command's process as an owner of turns.</summary>
    public static string OwnerOf(ProcessIdentity process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}:{process.Pid}:{process.StartedAt}:{process.BootId}");

    /// <summary>Whether an owner of turns is the process of a command and has ended.</summary>
    public static bool IsGone(string owner) =>
        owner.Split(':') is [Prefix, var pid, var startedAt, var boot]
        && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(startedAt, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && !new ProcessIdentity(number, ticks, boot).IsRunning;
}
