namespace Plexum.Codex.Logs;

/// <summary>
/// A position in a turn's log that moves from event to event. For one reader; <see cref="Complete"/> may be called from any
/// thread. Disposing closes the log.
/// </summary>
public interface ITurnLogReader : IDisposable
{
    /// <summary>The event's number.</summary>
    long Seq { get; }

    /// <summary>The event's type.</summary>
    ReadOnlySpan<byte> Type { get; }

    /// <summary>Whether it is the <c>message_end</c>, the last event of a log.</summary>
    bool IsEnd { get; }

    /// <summary>How many bytes of the event's JSON are still unread.</summary>
    long Length { get; }

    /// <summary>Reports that the turn is over: the log will not grow any more.</summary>
    void Complete();

    /// <summary>Waits for more of the log than <see cref="TryNext"/> has seen; false if no more will come.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; it may be started again.</exception>
    ValueTask<bool> WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>Moves to the next event; false if it is not complete yet.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    bool TryNext();

    /// <summary>Reads the next bytes of the event's JSON.</summary>
    /// <returns>How many bytes were read; 0 at the event's end.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    int Read(Span<byte> buffer);

    /// <summary>Fills the buffer with bytes of the event's JSON.</summary>
    /// <exception cref="IOException">The log cannot be read, or has been truncated.</exception>
    void ReadExactly(Span<byte> buffer);
}
