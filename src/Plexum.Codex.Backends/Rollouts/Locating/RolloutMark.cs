namespace Plexum.Codex.Rollouts.Locating;

/// <summary>Where the rollout of a resumed thread ended when a turn began; everything after it belongs to the turn.</summary>
/// <param name="Path">The rollout.</param>
/// <param name="Length">Its length in bytes, unpacked, since codex unpacks a compressed rollout before it resumes the thread.</param>
public sealed record RolloutMark(string Path, long Length);
