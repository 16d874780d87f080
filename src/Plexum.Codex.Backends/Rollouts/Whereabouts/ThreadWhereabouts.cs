namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>Where a thread's rollout is, and what is wrong with it.</summary>
/// <param name="State">What has become of it.</param>
/// <param name="Path">The path that has its name; null if there is none.</param>
/// <param name="Problem">What is wrong, as a clause whose subject is the rollout: <c>it is empty</c>. Null for nothing.</param>
/// <param name="Remedy">What to do about it, as whole sentences; null if nothing special is known.</param>
/// <param name="Command">The command for a shell that does it; null if there is none.</param>
public sealed record ThreadWhereabouts(
    RolloutState State,
    string? Path,
    string? Problem = null,
    string? Remedy = null,
    string? Command = null
)
{
    /// <summary>Where it is could not be found out.</summary>
    /// <param name="problem">Why, as a clause.</param>
    /// <param name="remedy">What to do about it.</param>
    public static ThreadWhereabouts Unreachable(string problem, string? remedy = null) =>
        new(RolloutState.Unreachable, null, problem, remedy);

    /// <summary>Codex does not load it.</summary>
    /// <param name="path">The path that has its name.</param>
    /// <param name="problem">Why, as a clause.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <param name="command">The command for a shell that does it.</param>
    public static ThreadWhereabouts Unreadable(string path, string problem, string? remedy = null, string? command = null) =>
        new(RolloutState.Unreadable, path, problem, remedy, command);
}
