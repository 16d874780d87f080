namespace Plexum.Codex.Inbox;

/// <summary>How messages of the molecule platform are answered.</summary>
public sealed record InboxSettings
{
    /// <summary>The directory with one workspace for each chat thread; a path that is not absolute lies in the profile.</summary>
    public string Workspaces { get; init; } = "molecule";

    /// <summary>How long one question for new messages waits.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long codex may take for a message.</summary>
    public TimeSpan TurnTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after the first failure the platform is called again; each further failure doubles it.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two calls.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a reply is tried before it becomes a dead letter.</summary>
    public int ReplyAttempts { get; init; } = 30;

    /// <summary>What is sent where codex gave no text.</summary>
    public string Placeholder { get; init; } = "(codex finished without an answer)";

    /// <summary>
    /// How long it is known which messages were dealt with, and how long dead letters are kept. The platform keeps its rows for 30 days at most.
    /// </summary>
    public TimeSpan Handled { get; init; } = TimeSpan.FromDays(45);

    /// <summary>How many replies one peer gets within <see cref="PeerWindow"/>; what is more waits.</summary>
    public int PeerReplies { get; init; } = 20;

    /// <summary>The time in which <see cref="PeerReplies"/> are counted.</summary>
    public TimeSpan PeerWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many messages of a peer that each came upon a reply of ours are answered; the next becomes a dead letter. A message of the
    /// canvas user, or a peer that is silent for <see cref="PeerPause"/>, begins the count anew.
    /// </summary>
    public int PeerExchanges { get; init; } = 40;

    /// <summary>How long a peer must be silent for its next message to count as new.</summary>
    public TimeSpan PeerPause { get; init; } = TimeSpan.FromMinutes(5);
}
