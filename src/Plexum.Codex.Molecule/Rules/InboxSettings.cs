using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>How messages from the molecule platform are answered.</summary>
public sealed record InboxSettings
{
    /// <summary>The directory with one workspace per conversation; a relative path is resolved against the profile.</summary>
    public string Workspaces { get; init; } = "molecule";

    /// <summary>What the commands of a turn that answers a message may do.</summary>
    public CodexSandbox Sandbox { get; init; } = CodexSandbox.Confined;

    /// <summary>Whether messages are also answered where nothing limits what their commands do; see <see cref="StrangerRule"/>.</summary>
    public bool StrangersMayRunCommandsAsThisUser { get; init; }

    /// <summary>How long one poll waits for new messages.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long codex may take to answer a message.</summary>
    public TimeSpan TurnTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait after the first failure; each further failure doubles it.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failure, without jitter.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many attempts to send a reply may fail before its message becomes a dead letter.</summary>
    public int ReplyAttempts { get; init; } = 30;

    /// <summary>The reply if codex's answer has no text.</summary>
    public string Placeholder { get; init; } = "(codex finished without an answer)";

    /// <summary>
    /// How long finished messages are remembered and dead letters are kept. The platform keeps its rows for at most 30 days.
    /// </summary>
    public TimeSpan Handled { get; init; } = TimeSpan.FromDays(45);

    /// <summary>How many replies one peer gets within <see cref="PeerWindow"/>; further ones wait.</summary>
    public int PeerReplies { get; init; } = 20;

    /// <summary>The period to which <see cref="PeerReplies"/> applies.</summary>
    public TimeSpan PeerWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many consecutive messages of a peer, each following one of our replies, are answered; the next becomes a dead letter. The
    /// count restarts when the canvas user writes or the peer is silent for <see cref="PeerPause"/>.
    /// </summary>
    public int PeerExchanges { get; init; } = 40;

    /// <summary>How long a peer must be silent to restart the count of <see cref="PeerExchanges"/>.</summary>
    public TimeSpan PeerPause { get; init; } = TimeSpan.FromMinutes(5);
}
