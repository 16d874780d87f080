namespace Plexum.Codex.Rollouts;

/// <summary>Where the rollout of a resumed thread ended when a turn began: what stands behind it is the turn's.</summary>
/// <param name="Path">The rollout.</param>
/// <param name="Length">Its length in bytes; of a compressed one the unpacked length, since codex unpacks it before it goes on in it.</param>
public sealed record RolloutMark(string Path, long Length);
