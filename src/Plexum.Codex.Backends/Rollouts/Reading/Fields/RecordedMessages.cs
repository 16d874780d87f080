namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>The agent's messages in a part of a rollout.</summary>
/// <param name="Count">How many there are that say anything.</param>
/// <param name="Last">The last of them, or null.</param>
/// <param name="IsFinal">Whether codex labelled it as the answer or as a commentary; null if it has no label.</param>
/// <param name="IsWhole">Whether codex recorded the turn's end and no record was skipped, so that none can be missing.</param>
public sealed record RecordedMessages(long Count, string? Last, bool? IsFinal, bool IsWhole);
