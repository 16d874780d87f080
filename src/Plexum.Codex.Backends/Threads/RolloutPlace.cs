namespace Plexum.Codex.Threads;

/// <summary>The directory in which a thread's rollout was.</summary>
/// <param name="Directory">Its absolute path.</param>
/// <param name="Identity">Which directory it was, as <see cref="ThreadSighting.IdentityOf"/> tells.</param>
public sealed record RolloutPlace(string Directory, string Identity)
{
    /// <summary>The directory as it is now; null if there is none.</summary>
    public static RolloutPlace? Of(string directory) =>
        ThreadSighting.IdentityOf(directory) is { } identity ? new RolloutPlace(directory, identity) : null;
}
