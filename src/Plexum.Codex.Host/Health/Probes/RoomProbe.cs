using System.Globalization;
using Plexum.Codex.Posix.Resources;

namespace Plexum.Codex.Host.Health.Probes;

/// <summary>Looks at the room that is left where this program or codex writes.</summary>
/// <param name="Path">A directory; if it is missing, the nearest one above it counts.</param>
/// <param name="MinBytes">The bytes below which there is too little room.</param>
/// <param name="MinFiles">The inodes below which there is too little room.</param>
internal sealed record RoomProbe(string Path, long MinBytes = RoomProbe.DefaultMinBytes, long MinFiles = RoomProbe.DefaultMinFiles)
{
    /// <summary>256 MiB: a turn with images and a long output takes tens of megabytes.</summary>
    public const long DefaultMinBytes = 256L * 1024 * 1024;

    /// <summary>A turn creates about ten files.</summary>
    public const long DefaultMinFiles = 1000;

    /// <summary>Looks. It may block where a file system hangs.</summary>
    public Result Look()
    {
        try
        {
            var room = FileSystemRoom.Of(Existing());
            return new Result(room, ProblemOf(room));
        }
        catch (IOException e)
        {
            return new Result(null, e.Message);
        }
    }

    /// <summary>An amount of bytes as people read it: <c>3.2 GiB</c>.</summary>
    public static string Describe(long bytes) =>
        bytes switch
        {
            >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.#", CultureInfo.InvariantCulture) + " GiB",
            >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.#", CultureInfo.InvariantCulture) + " MiB",
            _ => (bytes / 1024d).ToString("0.#", CultureInfo.InvariantCulture) + " KiB",
        };

    private string? ProblemOf(FileSystemRoom room) =>
        room.FreeBytes < MinBytes ? $"The file system of {Path} has only {Describe(room.FreeBytes)} left."
        : room.FreeFiles < MinFiles
            ? FormattableString.Invariant($"The file system of {Path} has room for only {room.FreeFiles} more files (inodes).")
        : null;

    private string Existing()
    {
        var at = Path;
        while (!Directory.Exists(at) && System.IO.Path.GetDirectoryName(at) is { } parent)
        {
            at = parent;
        }

        return at;
    }

    /// <summary>What was found.</summary>
    /// <param name="Room">The room; null if it cannot be read.</param>
    /// <param name="Problem">What is wrong, as a sentence; null if there is enough room.</param>
    internal sealed record Result(FileSystemRoom? Room, string? Problem);
}
