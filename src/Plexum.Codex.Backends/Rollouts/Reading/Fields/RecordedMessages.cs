namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>The agent's messages in a part of a rollout.</summary>
/// <param name="Count">How many there are that say anything.</param>
/// <param name="Last">The last of them, or null.</param>
/// <param name="IsFinal">Whether codex labelled it as the answer or as a commentary; null if it has no label.</param>
/// <param name="IsWhole">Whether codex recorded the turn's end and every record was read, so that none can be missing.</param>
public sealed record RecordedMessages(long Count, string? Last, bool? IsFinal, bool IsWhole)
{
    /// <summary>How codex ended the turn; null if it did not record whether there is an answer.</summary>
    public RecordedEnd? End { get; init; }

    /// <summary>Whether codex began a tool call after the last of them; null if it recorded no call.</summary>
    public bool? IsFollowedByWork { get; init; }

    /// <summary>Whether a record is torn or overwritten that may have been one of them.</summary>
    public bool MayLack { get; init; }
}

/// <summary>
/// How codex ended the turn: <c>last_agent_message</c> of a <c>task_complete</c>, which is <c>null</c> after a response without a
/// message, whatever was said before (measured on 0.169.0 and 0.171.0).
/// </summary>
/// <param name="Answer">The agent's last message, or null if codex says that there is none.</param>
public sealed record RecordedEnd(string? Answer);
