using System.Collections.Immutable;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>
/// Ends of turns that a command could write into their logs and not into the ledger, because the disk was full. The command is gone, and
/// what a turn's log says is its end, so the next command that opens the ledger writes it there.
/// </summary>
internal static class UnwrittenEnds
{
    private const int Page = 1000;

    /// <summary>Finds such ends and writes them.</summary>
    /// <param name="ledger">The ledger; if it cannot be written, the next command tries again.</param>
    /// <param name="profile">The root of the profile.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The ends that could not be written.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<ImmutableDictionary<TurnId, TurnOutcome>> SettleAsync(SqliteLedger ledger, string profile, TimeProvider time)
    {
        var found = await FindAsync(ledger, profile, time).ConfigureAwait(false);
        if (found.IsEmpty)
        {
            return found;
        }

        try
        {
            await ledger.WriteEndsAsync(found).ConfigureAwait(false);
            return ImmutableDictionary<TurnId, TurnOutcome>.Empty;
        }
        catch (LedgerUnavailableException)
        {
            return found;
        }
    }

    private static async Task<ImmutableDictionary<TurnId, TurnOutcome>> FindAsync(SqliteLedger ledger, string profile, TimeProvider time)
    {
        var logs = new FileTurnLogStore(profile, time);
        var found = ImmutableDictionary.CreateBuilder<TurnId, TurnOutcome>();
        foreach (var state in new[] { TurnState.Queued, TurnState.Running })
        {
            foreach (var turn in await ledger.TurnsAsync(new TurnFilter(State: state, Limit: Page)).ConfigureAwait(false))
            {
                if (CommandOwner.IsGone(turn.Owner) && await EndOfAsync(logs, profile, turn).ConfigureAwait(false) is { } outcome)
                {
                    found[turn.TurnId] = outcome;
                }
            }
        }

        return found.ToImmutable();
    }

    private static async Task<TurnOutcome?> EndOfAsync(FileTurnLogStore logs, string profile, TurnEntry turn)
    {
        try
        {
            var logged = await logs.LookAsync(turn.AgentId, turn.TurnId).ConfigureAwait(false);
            var log = TurnDirectory.Of(new AgentDirectory(profile, turn.AgentId), turn.TurnId).EventsFile;
            return logged.End is null ? null : logged.ToOutcome(File.GetLastWriteTimeUtc(log));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the turn's events learns of it.
            return null;
        }
    }
}
