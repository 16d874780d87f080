namespace Plexum.Codex.Molecule;

/// <summary>A message that a workspace got.</summary>
/// <param name="MessageId">Its sender's id of it.</param>
/// <param name="SourceId">The sender; null where the platform took it for the canvas user.</param>
/// <param name="Text">The text.</param>
public sealed record PeerMessage(string MessageId, string? SourceId, string Text);
