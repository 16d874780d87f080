using System.Collections.Immutable;
using Plexum.Codex.Events;

namespace Plexum.Codex.Logs;

/// <summary>Appends to the log of one turn. Thread-safe; disposing closes the log.</summary>
public interface ITurnLogWriter : IDisposable
{
    /// <summary>The number of the last event; 0 if there is none.</summary>
    long LastSeq { get; }

    /// <summary>Appends events with the next numbers. Readers see them at once.</summary>
    /// <returns>The number of the last of them.</returns>
    /// <exception cref="IOException">
    /// Not all of the events were written, as on a disk that becomes full. The first of them may have been, and readers may have seen
    /// them: <see cref="LastSeq"/> counts those that stay. The log can still be appended to.
    /// </exception>
    long Append(ImmutableArray<CanonicalEvent> events);
}
