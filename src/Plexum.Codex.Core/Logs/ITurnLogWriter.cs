using System.Collections.Immutable;
using Plexum.Codex.Events;

namespace Plexum.Codex.Logs;

/// <summary>Appends to the log of one turn. Thread-safe; disposing closes the log.</summary>
public interface ITurnLogWriter : IDisposable
{
    /// <summary>Appends events with the next numbers, all or none. Readers see them at once.</summary>
    /// <returns>The number of the last of them.</returns>
    /// <exception cref="IOException">None of the events was written; the log can still be appended to.</exception>
    long Append(ImmutableArray<CanonicalEvent> events);
}
