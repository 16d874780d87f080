namespace Plexum.Codex.Molecule;

/// <summary>What becomes of an A2A message to a workspace.</summary>
public enum PeerBehaviour
{
    /// <summary>It polls: the message is a row of its activity, and the sender is told <c>queued</c> at once.</summary>
    Polls,

    /// <summary>It has an address and answers.</summary>
    Replies,

    /// <summary>It is busy; the platform keeps the message for it and answers 202.</summary>
    Queues,

    /// <summary>It is busy and probably has the message: 503 with <c>busy</c>.</summary>
    IsBusy,

    /// <summary>It is being started again and does not have the message: 503 with <c>restarting</c>.</summary>
    IsRestarting,

    /// <summary>It cannot be reached: 502.</summary>
    IsUnreachable,

    /// <summary>It answers with an error of JSON-RPC.</summary>
    Refuses,

    /// <summary>Its budget is used up: 402.</summary>
    IsOverBudget,
}
