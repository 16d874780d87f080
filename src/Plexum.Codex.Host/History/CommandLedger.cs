using System.Collections.Immutable;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.History;

/// <summary>
/// The ledger of a command that runs its own turns: the profile's own, beside a daemon that may start at any time. Each turn is owned by
/// the command's process. A daemon leaves it alone while that process lives, and takes it over once it was killed.
/// </summary>
internal static class CommandLedger
{
    /// <summary>
    /// Has a daemon that starts take over the turns of commands that were killed. If that fails, the daemon tries again while it runs.
    /// </summary>
    public static async Task TakeOverAtStartAsync(SqliteLedger ledger)
    {
        try
        {
            await TakeOverAsync(ledger).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e)
        {
            Log.Warning("Turns of commands that were killed cannot be taken over yet: {Error:l}", e.Message);
        }
    }

    /// <summary>Has a daemon take over the turns of commands that were killed.</summary>
    /// <returns>Those that were taken over.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read or written.</exception>
    public static async Task<ImmutableArray<TurnId>> TakeOverAsync(SqliteLedger ledger)
    {
        var taken = await ledger.TakeOverAsync(CommandOwner.IsGone).ConfigureAwait(false);
        if (!taken.IsEmpty)
        {
            Log.Information("Turns of commands that were killed: {Count} taken over", taken.Length);
        }

        return taken;
    }

    /// <summary>Opens it. If it cannot be opened or written, turns run all the same and only this process knows of them.</summary>
    public static async Task<ITurnLedger> OpenAsync(ProgramSettings settings)
    {
        try
        {
            var ledger = await SqliteLedger
                .JoinAsync(
                    settings.Profile.LedgerFile,
                    TimeProvider.System,
                    sentence => Log.Warning("{Warning:l}", sentence),
                    ProcessIdentity.Read(Environment.ProcessId) is { } process ? CommandOwner.NameOf(process) : TurnOwner.Local
                )
                .ConfigureAwait(false);
            await SettleAsync(ledger, settings.Profile.Root).ConfigureAwait(false);
            return new FallbackLedger(ledger, WarnOfFallback);
        }
        catch (LedgerUnavailableException e)
        {
            WarnOfFallback(e.Message);
            return new InMemoryLedger();
        }
    }

    // What was left by commands before says nothing about this one's turn.
    private static async Task SettleAsync(SqliteLedger ledger, string profile)
    {
        try
        {
            await UnwrittenEnds.SettleAsync(ledger, profile, TimeProvider.System).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e)
        {
            Log.Warning("Ends of turns of earlier commands cannot be written yet: {Error:l}", e.Message);
        }
    }

    private static void WarnOfFallback(string why) => Log.Warning("{Warning:l} This turn runs, but no command will list it.", why);
}
