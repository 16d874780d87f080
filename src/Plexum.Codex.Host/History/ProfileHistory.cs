using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Ledger;

namespace Plexum.Codex.Host.History;

/// <summary>What has happened in a profile, for commands that look at it while no daemon runs.</summary>
internal static class ProfileHistory
{
    /// <summary>Opens the profile's ledger as if a daemon answered from it. Nothing is created in a profile without one.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static async Task<DaemonClient> OpenAsync(ProgramSettings settings)
    {
        var profile = settings.Profile;
        ITurnLedger ledger = File.Exists(profile.LedgerFile)
            ? await SqliteLedger
                .JoinAsync(profile.LedgerFile, TimeProvider.System, StderrMessages.Write, TurnOwner.Local)
                .ConfigureAwait(false)
            : new InMemoryLedger();
        return new DaemonClient(new LedgerAnswers(ledger, profile.Root, TimeProvider.System), settings.Api.Socket, TimeProvider.System);
    }
}
