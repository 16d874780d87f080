namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>What has become of a thread's rollout.</summary>
public enum RolloutState
{
    /// <summary>It is in its place, and nothing speaks against it.</summary>
    There,

    /// <summary>It is among codex's archived sessions.</summary>
    Archived,

    /// <summary>Something is in its place that codex does not load.</summary>
    Unreadable,

    /// <summary>It was not found, and it is not certain that it is gone.</summary>
    Unreachable,

    /// <summary>Its neighbours are there and it is not.</summary>
    Gone,
}
