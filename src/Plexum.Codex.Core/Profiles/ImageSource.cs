using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Profiles;

/// <summary>
/// A directory that a prompt's images may lie in: promise S20 of docs/security.md. Links in the directory are not followed, since a model's
/// commands may have put them there.
/// </summary>
/// <param name="Name">The directory as images' paths name it.</param>
/// <param name="Directory">Its path with every link followed.</param>
public sealed record ImageSource(string Name, string Directory)
{
    /// <summary>Why an image that lies elsewhere cannot be used, and what to do, as the end of a sentence.</summary>
    public const string Outside =
        "it lies outside the workspace and turns.image-roots; send it as base64, move it into the workspace, or add its directory to "
        + "turns.image-roots";

    /// <summary>A directory as it is now.</summary>
    /// <param name="path">Its absolute path.</param>
    public static ImageSource Of(string path) => new(path, RealPath.OfDirectory(path) ?? path);

    /// <summary>Whether an image lies in one of the directories, going by its path alone.</summary>
    public static bool Allow(ImmutableArray<ImageSource> sources, string path) =>
        !path.Contains('\0', StringComparison.Ordinal) && sources.Any(source => source.Holds(Path.GetFullPath(path)));

    /// <summary>Opens an image for reading. It never blocks.</summary>
    /// <param name="sources">Where it may lie.</param>
    /// <param name="path">Its absolute path.</param>
    /// <param name="problem">Why it cannot be opened, as the end of a sentence; null if it can.</param>
    public static SafeFileHandle? TryOpen(ImmutableArray<ImageSource> sources, string path, out string? problem)
    {
        var full = Path.GetFullPath(path);
        if (sources.FirstOrDefault(source => source.Holds(full)) is { } found)
        {
            return LinkFreePath.TryOpenFile(found.Directory, Path.GetRelativePath(found.Name, full), out problem);
        }

        problem = Outside;
        return null;
    }

    private bool Holds(string full) => full != Name && RealPath.IsWithin(full, Name);
}
