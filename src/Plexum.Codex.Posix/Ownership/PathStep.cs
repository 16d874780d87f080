namespace Plexum.Codex.Posix.Ownership;

/// <summary>One thing that the kernel passes on its way along a path.</summary>
/// <param name="Path">Where it is; every link before it is resolved.</param>
/// <param name="Status">What it is.</param>
/// <param name="IsEnd">Whether the path leads to it, and not through it.</param>
public sealed record PathStep(string Path, FileStatus Status, bool IsEnd);
