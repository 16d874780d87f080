namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>
    /// Takes the next message; null when none came within <paramref name="max"/> (not dilated; by default as long as an
    /// expectation waits, zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever).
    /// </summary>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryReceiveOne(out var envelope, max, cancellationToken) ? envelope.Message : null!;

    /// <inheritdoc cref="ReceiveOne" />
    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryReceiveOneAsync(max, cancellationToken).ConfigureAwait(false);
        return success ? envelope.Message : null!;
    }

    /// <summary>Takes the next message with its sender; for how long it waits see <see cref="ReceiveOne"/>.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? taken = null;
        var success = Arrives(max, cancellationToken) && _state.Queue.TryTake(out taken);
        envelope = Note(taken);
        return success;
    }

    /// <inheritdoc cref="TryReceiveOne" />
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        MessageEnvelope? taken = null;
        var success = await ArrivesAsync(max, cancellationToken).ConfigureAwait(false) && _state.Queue.TryTake(out taken);
        return (success, Note(taken));
    }

    /// <summary>Looks at the next message and leaves it there; otherwise as <see cref="ReceiveOne"/>.</summary>
    public object PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryPeekOne(out var envelope, max, cancellationToken) ? envelope.Message : null!;

    /// <summary>Waits for a message without limit, looks at it and leaves it there.</summary>
    public object PeekOne(CancellationToken cancellationToken) => PeekOne(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)" />
    public async ValueTask<object> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryPeekOneAsync(max, cancellationToken).ConfigureAwait(false);
        return success ? envelope.Message : null!;
    }

    /// <inheritdoc cref="PeekOne(CancellationToken)" />
    public ValueTask<object> PeekOneAsync(CancellationToken cancellationToken) =>
        PeekOneAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Looks at the next message and its sender and leaves them there; otherwise as <see cref="ReceiveOne"/>.</summary>
    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        MessageEnvelope? seen = null;
        var success = Arrives(max, cancellationToken) && _state.Queue.TryPeek(out seen);
        envelope = Note(seen);
        return success;
    }

    /// <inheritdoc cref="TryPeekOne" />
    public async ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        MessageEnvelope? seen = null;
        var success = await ArrivesAsync(max, cancellationToken).ConfigureAwait(false) && _state.Queue.TryPeek(out seen);
        return (success, Note(seen));
    }

    private bool Arrives(TimeSpan? max, CancellationToken cancellationToken) =>
        _state.Queue.Wait(GetTimeoutOrDefault(max), cancellationToken);

    private ValueTask<bool> ArrivesAsync(TimeSpan? max, CancellationToken cancellationToken) =>
        _state.Queue.WaitAsync(GetTimeoutOrDefault(max), cancellationToken);

    private MessageEnvelope Note(MessageEnvelope? envelope)
    {
        _state.LastWasNoMsg = false;
        return _state.LastMessage = envelope ?? NullMessageEnvelope.Instance;
    }
}
