using Plexum.Codex.Profiles;

namespace Plexum.Codex.Host.Daemon;

/// <summary>Marks a connection through the unix socket whose process was checked: it is the owner's, or a turn's that may call.</summary>
internal sealed class OwnersConnection
{
    private OwnersConnection(Submitter submitter) => Submitter = submitter;

    /// <summary>That of a process of the owner's.</summary>
    public static OwnersConnection Instance { get; } = new(Submitter.Owner);

    /// <summary>That of a process of a turn, where <c>api.turns-may-call</c> is on.</summary>
    public static OwnersConnection OfTurn { get; } = new(Submitter.Guest);

    /// <summary>As whom it submits turns.</summary>
    public Submitter Submitter { get; }
}
