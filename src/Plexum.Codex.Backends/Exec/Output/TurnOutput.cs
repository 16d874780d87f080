using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// Converts codex's stdout to canonical events: framing, decoding and mapping in one pass over one buffer. Put bytes in with
/// <see cref="GetMemory"/> and <see cref="Advance"/>; <see cref="Advance"/> and <see cref="Complete"/> return the events.
/// </summary>
public sealed class TurnOutput : IDisposable
{
    private readonly TurnMapper _mapper;
    private readonly JsonlFramer _framer;
    private readonly List<CanonicalEvent> _events = [];

    /// <summary>The output of one codex process.</summary>
    /// <param name="mapper">The turn's mapper.</param>
    /// <param name="maxLineBytes">The longest line in bytes; longer ones are skipped with a notice.</param>
    /// <param name="offset">The offset in the file of the first byte to come.</param>
    public TurnOutput(TurnMapper mapper, int maxLineBytes = JsonlFramer.DefaultMaxLineBytes, long offset = 0)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        _mapper = mapper;
        _framer = new JsonlFramer(maxLineBytes, offset);
    }

    /// <summary>The buffer for the next bytes.</summary>
    public Memory<byte> GetMemory() => _framer.GetMemory();

    /// <summary>Consumes the bytes that were put into the buffer.</summary>
    /// <returns>The events of the lines that they complete.</returns>
    public EventBatch Advance(int count)
    {
        _framer.Advance(count);
        return Drain();
    }

    /// <summary>Signals the end of the output.</summary>
    /// <returns>The events of a last line without a newline.</returns>
    public EventBatch Complete()
    {
        _framer.Complete();
        return Drain();
    }

    /// <summary>Returns the buffer to the pool.</summary>
    public void Dispose() => _framer.Dispose();

    /// <summary>Reads a file until its writer is done, without reading ahead of the consumer.</summary>
    public static async IAsyncEnumerable<EventBatch> ReadAsync(
        FileTail tail,
        TurnMapper mapper,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(tail);
        using var output = new TurnOutput(mapper, offset: tail.Position);
        while (await tail.ReadAsync(output.GetMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            yield return output.Advance(count);
        }

        yield return output.Complete();
    }

    private EventBatch Drain()
    {
        while (_framer.TryRead(out var line))
        {
            _mapper.Map(line, _events);
        }

        ImmutableArray<CanonicalEvent> events = _events.Count == 0 ? [] : [.. _events];
        _events.Clear();
        return new EventBatch(events, _mapper.Progress, _framer.Offset);
    }
}
