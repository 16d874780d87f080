using Plexum.Codex.Posix;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>A rollout on disk: codex's own record of a thread, one JSON object per line, to which every turn is appended.</summary>
/// <param name="Path">Its absolute path, below the sessions of codex's home.</param>
/// <param name="Length">Its length in bytes when it was found.</param>
internal sealed record RolloutFile(string Path, long Length)
{
    private const string CompressedEnding = ".zst";

    /// <summary>Whether it is compressed with zstd (<c>.jsonl.zst</c>), as newer versions of codex keep idle threads.</summary>
    public bool IsCompressed => IsPacked(Path);

    /// <summary>Whether a rollout of this name is compressed.</summary>
    public static bool IsPacked(string path) => path.EndsWith(CompressedEnding, StringComparison.Ordinal);

    /// <summary>The path to which codex unpacks a compressed rollout; for a plain one, its own path.</summary>
    public static string PlainPathOf(string path) => IsPacked(path) ? path[..^CompressedEnding.Length] : path;

    /// <summary>The path to which codex compresses a plain rollout.</summary>
    public static string PackedPathOf(string path) => path + CompressedEnding;

    /// <summary>The file at a path; null if there is no regular file.</summary>
    public static RolloutFile? At(string path) =>
        FileStatus.OfPath(path) is { Kind: FileKind.Regular } status ? new RolloutFile(path, status.Length) : null;
}
