namespace Plexum.Codex.Logs;

/// <summary>
/// A place in a turn's log that moves from event to event. For one reader; <see cref="Complete"/> may be called from anywhere.
/// Disposing closes the log.
/// </summary>
public interface ITurnLogReader : IDisposable
{
    /// <summary>The event's number.</summary>
    long Seq { get; }

    /// <summary>The event's type.</summary>
    ReadOnlySpan<byte> Type { get; }

    /// <summary>Whether it is the <c>message_end</c>, behind which nothing comes.</summary>
    bool IsEnd { get; }

    /// <summary>How many bytes of the event's JSON have not been read yet.</summary>
    long Length { get; }

    /// <summary>Says that the turn is over: what is in the log now is all there will be.</summary>
    void Complete();

    /// <summary>Waits until there is more in the log than <see cref="TryNext"/> has looked at; false when no more will come.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended; it may be begun again.</exception>
    ValueTask<bool> WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>Moves to the next event; false when it is not there as a whole.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    bool TryNext();

    /// <summary>Reads the next bytes of the event's JSON.</summary>
    /// <returns>How many; 0 at its end.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    int Read(Span<byte> buffer);

    /// <summary>Fills the buffer with bytes of the event's JSON.</summary>
    /// <exception cref="IOException">The log cannot be read, or has got shorter.</exception>
    void ReadExactly(Span<byte> buffer);
}
