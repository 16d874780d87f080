namespace Plexum.Codex.Gateway;

/// <summary>What a <see cref="TurnFollower"/> has for its reader.</summary>
public enum FollowSignal
{
    /// <summary>There may be events in the log: call <see cref="TurnFollower.TryNext"/> until it returns false.</summary>
    Events,

    /// <summary>Nothing came for one heartbeat.</summary>
    Beat,

    /// <summary>The log has no end: <see cref="TurnFollower.Ending"/> has the events that complete it.</summary>
    Ending,

    /// <summary>The reader has everything.</summary>
    Over,
}
