using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Gateway;

/// <summary>
/// Follows one turn for one reader, from before its start to its end. Every reader gets the same:
/// <list type="bullet">
/// <item>each event after the reader's number, in order and without a gap, and exactly one <c>message_end</c>, which is the last;</item>
/// <item>from the log what the log has; an end that the log does not have is made from the ledger, once the ledger has it, and numbered
/// on;</item>
/// <item>a notice of a start or an end only wakes the reader. The log and the ledger are authoritative, so a lost notice costs at most
/// one heartbeat.</item>
/// </list>
/// A reader that was cut off resumes with the last number it has. Until the follower is disposed, the turn's files are not deleted.
/// </summary>
/// <remarks>
/// Call <see cref="NextAsync"/> until it returns <see cref="FollowSignal.Over"/>, or <see cref="ReadAsync"/> for whole lines, or
/// <see cref="AwaitEndAsync"/> or <see cref="FinishAsync"/> for the end alone; not more than one of them.
/// </remarks>
public sealed class TurnFollower : IAsyncDisposable
{
    private static readonly Task<bool> NoMore = Task.FromResult(false);

    private readonly IDisposable _lease;
    private readonly WatchedTurn _turn;
    private readonly Heartbeat _heartbeat;
    private readonly CancellationTokenSource _end;
    private readonly CancellationToken _token;
    private readonly Task _cancelled;
    private readonly long _afterSeq;
    private readonly TaskCompletionSource _impatient = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITurnLogReader? _log;
    private Task<bool>? _more;
    private Task? _change;
    private Task<Task>? _kept;
    private Step _step;
    private bool _askLedger;

    internal TurnFollower(
        GatewayServices services,
        TurnEntry turn,
        IDisposable lease,
        long afterSeq,
        TimeSpan heartbeat,
        CancellationToken cancellationToken
    )
    {
        (_lease, _afterSeq) = (lease, afterSeq);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _token = _end.Token;
        _cancelled = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _token);
        _turn = new WatchedTurn(services, turn, _token);
        _heartbeat = new Heartbeat(services.Time, heartbeat);
    }

    private enum Step
    {
        Looking,
        AwaitingLog,
        Following,
        Completing,
        Over,
    }

    /// <summary>What the ledger said of the turn when it was last asked.</summary>
    public TurnEntry Turn => _turn.Entry;

    /// <summary>The log, at the event that <see cref="TryNext"/> moved to. Its bytes are read from there.</summary>
    /// <exception cref="InvalidOperationException">No events were signalled yet.</exception>
    public ITurnLogReader Log => _log ?? throw new InvalidOperationException("The log is not open yet; wait for FollowSignal.Events.");

    /// <summary>
    /// Whether the turn has ended and the reader waits only for the ledger, which cannot be written now and has to keep the end that the
    /// log lacks.
    /// </summary>
    public bool AwaitsLedger => _step == Step.Completing;

    /// <summary>
    /// Waits no longer for that, now or later: the reader gets the end that was told. Another end may be kept if the program is killed.
    /// From any thread.
    /// </summary>
    public void TakeToldEnd() => _impatient.TrySetResult();

    /// <summary>The events after the reader's number that complete a log without an end, once they are signalled.</summary>
    public ImmutableArray<NumberedEvent> Ending { get; private set; } = [];

    /// <summary>Whether the turn has ended and the reader already has its last event, be it in the log or made from the ledger.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async Task<bool> HasEverythingAsync()
    {
        if (_afterSeq == 0 || Turn.State != TurnState.Ended)
        {
            return false;
        }

        return await _turn.LogEndAsync().ConfigureAwait(false) is { HasEnd: true, LastSeq: var last }
            ? _afterSeq >= last
            : _afterSeq >= (await _turn.MakeEndingAsync().ConfigureAwait(false))[^1].Seq;
    }

    /// <summary>Waits until there is something for the reader.</summary>
    /// <exception cref="OperationCanceledException">The following was cancelled.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public ValueTask<FollowSignal> NextAsync()
    {
        // Most calls find events that are there already, and allocate nothing.
        if (_step == Step.Following && _more is null && !_log!.IsEnd)
        {
            var waiting = _log.WaitAsync(_token);
            if (!waiting.IsCompletedSuccessfully)
            {
                _more = waiting.AsTask();
            }
            else if (waiting.Result)
            {
                return ValueTask.FromResult(FollowSignal.Events);
            }
            else
            {
                _more = NoMore;
            }
        }

        return StepAsync();
    }

    /// <summary>Moves <see cref="Log"/> to the next event; false if it is not there yet, or behind the <c>message_end</c>.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public bool TryNext() => !Log.IsEnd && Log.TryNext();

    /// <summary>The events as lines, those that are there and those to come. Nothing is read ahead of the consumer.</summary>
    /// <param name="onBeat">Is called with each beat.</param>
    /// <exception cref="OperationCanceledException">The following was cancelled.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async IAsyncEnumerable<TurnLogLine> ReadAsync(Action? onBeat = null)
    {
        while (true)
        {
            switch (await NextAsync().ConfigureAwait(false))
            {
                case FollowSignal.Beat:
                    onBeat?.Invoke();
                    break;
                case FollowSignal.Events:
                    while (TryNext())
                    {
                        var json = new byte[Log.Length];
                        Log.ReadExactly(json);
                        yield return new TurnLogLine(Log.Seq, json, Log.IsEnd);
                    }

                    break;
                case FollowSignal.Ending:
                    foreach (var (seq, value, at) in Ending)
                    {
                        yield return new TurnLogLine(seq, CanonicalJson.ToLine(seq, value, at), value is CanonicalEvent.MessageEnd);
                    }

                    break;
                case FollowSignal.Over:
                    yield break;
            }
        }
    }

    /// <summary>Waits until the turn has ended, and reads no events.</summary>
    /// <exception cref="OperationCanceledException">The following was cancelled.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task AwaitEndAsync()
    {
        await _turn.LookAsync().ConfigureAwait(false);
        var change = Task.WhenAny(_turn.End, _cancelled);
        while (!_turn.HasEnded)
        {
            if (await _heartbeat.BeatsBeforeAsync(change).ConfigureAwait(false))
            {
                await _turn.AskAsync().ConfigureAwait(false);
            }

            _token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits until the turn has ended, and reads its log once.</summary>
    /// <exception cref="OperationCanceledException">The following was cancelled.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<FinishedTurn> FinishAsync()
    {
        await AwaitEndAsync().ConfigureAwait(false);
        var logged = await _turn.LogAsync().ConfigureAwait(false);
        if (logged.End is null)
        {
            await _turn.AwaitKeptAsync().ConfigureAwait(false);
        }

        return logged.End is null ? FinishedTurn.Of(logged, await _turn.CompleteAsync().ConfigureAwait(false)) : FinishedTurn.Of(logged);
    }

    /// <summary>Stops following and lets the turn's files go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        _log?.Dispose();
        _heartbeat.Dispose();
        _turn.Dispose();
        _end.Dispose();
        _lease.Dispose();
    }

    private async ValueTask<FollowSignal> StepAsync()
    {
        if (_step == Step.Looking)
        {
            await _turn.LookAsync().ConfigureAwait(false);
            _step = Step.AwaitingLog;
        }

        if (_askLedger)
        {
            _askLedger = false;
            await _turn.AskAsync().ConfigureAwait(false);
        }

        if (_step == Step.AwaitingLog && !await LogCameAsync().ConfigureAwait(false))
        {
            return FollowSignal.Beat;
        }

        if (_step == Step.Following && await FollowAsync().ConfigureAwait(false) is { } signal)
        {
            return signal;
        }

        if (_step == Step.Completing)
        {
            _kept ??= Task.WhenAny(_turn.AwaitKeptAsync(), _impatient.Task);
            if (await BeatsBeforeAsync(_kept).ConfigureAwait(false))
            {
                return FollowSignal.Beat;
            }

            await (await _kept.ConfigureAwait(false)).ConfigureAwait(false);
            _step = Step.Over;
            Ending = [.. (await _turn.CompleteAsync().ConfigureAwait(false)).Where(made => made.Seq > _afterSeq)];
            return Ending.IsEmpty ? FollowSignal.Over : FollowSignal.Ending;
        }

        return FollowSignal.Over;
    }

    /// <summary>Waits until there is a log to follow, or the turn has ended without one.</summary>
    /// <returns>False for a beat.</returns>
    private async ValueTask<bool> LogCameAsync()
    {
        while (!_turn.HasEnded && !_turn.HasLog)
        {
            // Kept over beats: what is awaited lives as long as the turn, and keeps all who wait for it.
            _change ??= Task.WhenAny(_turn.NextNotice, _cancelled);
            if (await BeatsBeforeAsync(_change).ConfigureAwait(false))
            {
                return false;
            }

            _change = null;

            _token.ThrowIfCancellationRequested();
        }

        if (_turn.HasLog)
        {
            _log = _turn.ReadLog(_afterSeq);
            _ = CompleteAtEndAsync(_log);
            _step = Step.Following;
        }
        else
        {
            _step = Step.Completing;
        }

        return true;
    }

    /// <summary>Waits for more in the log.</summary>
    /// <returns>Null if there is no more and no end either.</returns>
    private async ValueTask<FollowSignal?> FollowAsync()
    {
        if (_log!.IsEnd)
        {
            return await EndAsync().ConfigureAwait(false);
        }

        if (_turn.HasEnded)
        {
            _log.Complete();
        }

        _more ??= _log.WaitAsync(_token).AsTask();
        if (await BeatsBeforeAsync(_more).ConfigureAwait(false))
        {
            return FollowSignal.Beat;
        }

        var more = await _more.ConfigureAwait(false);
        _more = null;
        if (more)
        {
            return FollowSignal.Events;
        }

        if (await _turn.LogEndAsync().ConfigureAwait(false) is not { HasEnd: true })
        {
            _step = Step.Completing;
            return null;
        }

        return await EndAsync().ConfigureAwait(false);
    }

    // A reader that has the last event and then asks for the turn is told that it has ended.
    private async ValueTask<FollowSignal> EndAsync()
    {
        await _turn.AwaitLedgerAsync().ConfigureAwait(false);
        _step = Step.Over;
        return FollowSignal.Over;
    }

    // The reader hears of the beat first; the ledger may take its time.
    private async ValueTask<bool> BeatsBeforeAsync(Task change) =>
        _askLedger = await _heartbeat.BeatsBeforeAsync(change).ConfigureAwait(false);

    private async Task CompleteAtEndAsync(ITurnLogReader log)
    {
        await Task.WhenAny(_turn.End, _cancelled).ConfigureAwait(false);
        if (!_cancelled.IsCompleted)
        {
            log.Complete();
        }
    }
}
