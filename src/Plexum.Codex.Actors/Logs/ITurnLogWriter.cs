using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>Appends to the log of one turn. Safe for any thread; disposing closes the log.</summary>
public interface ITurnLogWriter : IDisposable
{
    /// <summary>Appends events with the next numbers, all or none. Readers see them at once.</summary>
    /// <returns>The number of the last of them.</returns>
    /// <exception cref="IOException">They could not be written; none of them counts, and the log can be appended to again.</exception>
    long Append(ImmutableArray<CanonicalEvent> events);
}
