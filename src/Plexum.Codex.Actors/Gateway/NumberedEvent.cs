using Plexum.Codex.Events;

namespace Plexum.Codex.Gateway;

/// <summary>An event that is in no log, with the number it has for readers.</summary>
/// <param name="Seq">The number.</param>
/// <param name="Event">The event.</param>
/// <param name="At">When it happened; null if unknown.</param>
public readonly record struct NumberedEvent(long Seq, CanonicalEvent Event, DateTimeOffset? At = null);
