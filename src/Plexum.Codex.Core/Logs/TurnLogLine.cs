using Plexum.Codex.Events;

namespace Plexum.Codex.Logs;

/// <summary>One event as stored in a turn's log.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Json">The line without its newline; <see cref="CanonicalJsonReader"/> reads it.</param>
/// <param name="IsEnd">Whether it is the <c>message_end</c>, the last event of a log.</param>
public readonly record struct TurnLogLine(long Seq, ReadOnlyMemory<byte> Json, bool IsEnd);
