using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Gateway;

/// <summary>
/// What is known of one turn: the ledger's entry, and the notices since it is watched. It is watched before the ledger is asked, so that an
/// end in between is not missed.
/// </summary>
internal sealed class WatchedTurn(GatewayServices services, TurnEntry entry, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>How long a ledger that cannot be written may hold up a reader.</summary>
    public static readonly TimeSpan LedgerLimit = TimeSpan.FromSeconds(1);

    private readonly ITurnWatch _watch = services.Notifier.Watch(entry.TurnId);

    /// <summary>What the ledger said when it was last asked.</summary>
    public TurnEntry Entry { get; private set; } = entry;

    /// <summary>Whether the ledger or a notice says that the turn has ended.</summary>
    public bool HasEnded => Entry.State == TurnState.Ended || _watch.Ended.IsCompleted;

    public bool HasLog => services.Logs.Exists(Entry.AgentId, Entry.TurnId);

    /// <summary>Completes when the end is told.</summary>
    public Task End => _watch.Ended;

    /// <summary>Completes with the next notice. A log that was told of and is not there was deleted; then only the end is left.</summary>
    public Task NextNotice => _watch.Started.IsCompleted ? _watch.Ended : Task.WhenAny(_watch.Started, _watch.Ended);

    /// <summary>Asks a ledger that has everything noted so far, unless the end is known already.</summary>
    public async Task LookAsync()
    {
        if (!HasEnded)
        {
            await FlushAsync().ConfigureAwait(false);
            await AskAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the ledger as it is.</summary>
    public async Task AskAsync() => Entry = await services.Ledger.FindTurnAsync(Entry.TurnId).ConfigureAwait(false) ?? Entry;

    /// <summary>Waits a moment until the ledger has the end, which is written after the log's last event.</summary>
    public async Task AwaitLedgerAsync()
    {
        if (Entry.State != TurnState.Ended)
        {
            await Task.WhenAny(_watch.Ended, Task.Delay(LedgerLimit, services.Time, cancellationToken)).ConfigureAwait(false);
            await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until the end of a turn whose log has none is in the ledger, however long that takes. An end that is in neither would become
    /// another one if the daemon died before it is.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The ledger was closed first.</exception>
    public Task AwaitKeptAsync() => Entry.State == TurnState.Ended ? Task.CompletedTask : services.Ledger.FlushAsync(cancellationToken);

    public ITurnLogReader ReadLog(long afterSeq) => services.Logs.Read(Entry.AgentId, Entry.TurnId, afterSeq);

    public Task<LoggedTurn> LogAsync() => services.Logs.LookAsync(Entry.AgentId, Entry.TurnId);

    public Task<TurnLogEnd?> LogEndAsync() => services.Logs.FindEndAsync(Entry.AgentId, Entry.TurnId);

    /// <summary>The events that complete the log of the turn, which has ended; by what the ledger and the notices say now.</summary>
    public async Task<ImmutableArray<NumberedEvent>> CompleteAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await AskAsync().ConfigureAwait(false);
        return await MakeEndingAsync().ConfigureAwait(false);
    }

    /// <summary>The same, by what is known already.</summary>
    public async Task<ImmutableArray<NumberedEvent>> MakeEndingAsync()
    {
        var told = Entry.State != TurnState.Ended && _watch.Ended.IsCompletedSuccessfully ? await _watch.Ended.ConfigureAwait(false) : null;
        var last = await LogEndAsync().ConfigureAwait(false) is { LastSeq: var seq } ? seq : 0;
        return LedgerEnding.Of(Entry, told, last, (await LogAsync().ConfigureAwait(false)).Error is not null);
    }

    public void Dispose() => _watch.Dispose();

    // A ledger that cannot be written now is no reason to keep a reader waiting.
    private Task<Task> FlushAsync() =>
        Task.WhenAny(services.Ledger.FlushAsync(cancellationToken), Task.Delay(LedgerLimit, services.Time, cancellationToken));
}
