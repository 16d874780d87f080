namespace Plexum.Codex.Logs;

/// <summary>The end of a turn's log.</summary>
/// <param name="LastSeq">The number of the last event; 0 for none.</param>
/// <param name="HasEnd">Whether it is a <c>message_end</c>.</param>
public readonly record struct TurnLogEnd(long LastSeq, bool HasEnd);
