namespace Plexum.Codex.Rollouts.Locating;

/// <summary>A compressed rollout is truncated or is none; codex does not load it either.</summary>
/// <param name="how">What is wrong with it, as a clause.</param>
internal sealed class DamagedZstdException(string how)
    : IOException(
        $"it is compressed and cannot be unpacked ({how}); codex cannot resume it either, so restore a backup or begin a new thread"
    )
{
    /// <summary>What is wrong with it, as a clause.</summary>
    public string How { get; } = how;
}
