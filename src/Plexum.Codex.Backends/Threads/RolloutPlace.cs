namespace Plexum.Codex.Threads;

/// <summary>The directory in which a thread's rollout was.</summary>
/// <param name="Directory">Its absolute path.</param>
/// <param name="Identity">Which directory it was, as <see cref="ThreadSighting.IdentityOf"/> tells.</param>
/// <param name="HadSiblings">Whether rollouts of other threads were in it; null if that was not noted.</param>
public sealed record RolloutPlace(string Directory, string Identity, bool? HadSiblings = null)
{
    /// <summary>Whether the very same directory is there now.</summary>
    public bool IsThere => ThreadSighting.IdentityOf(Directory) == Identity;
}
