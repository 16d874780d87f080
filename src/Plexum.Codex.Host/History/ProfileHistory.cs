using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>What has happened in a profile, for commands that look at it while no daemon runs.</summary>
internal static class ProfileHistory
{
    /// <summary>Opens the profile's ledger as if a daemon answered from it. Nothing is created in a profile without one.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static async Task<DaemonClient> OpenAsync(ProgramSettings settings)
    {
        var profile = settings.Profile;
        if (!File.Exists(profile.LedgerFile))
        {
            return Client(new InMemoryLedger(), ImmutableDictionary<TurnId, TurnOutcome>.Empty);
        }

        var ledger = await SqliteLedger.LookAsync(profile.LedgerFile, TimeProvider.System, StderrMessages.Write).ConfigureAwait(false);
        return Client(ledger, await UnwrittenEnds.SettleAsync(ledger, profile.Root, TimeProvider.System).ConfigureAwait(false));

        DaemonClient Client(ITurnLedger used, ImmutableDictionary<TurnId, TurnOutcome> ends) =>
            new(
                new LedgerAnswers(used, profile.Root, TimeProvider.System) { Ends = ends, Settings = settings },
                settings.Api.Socket,
                TimeProvider.System
            );
    }
}
