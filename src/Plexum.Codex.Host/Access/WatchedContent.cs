using Plexum.Codex.Host.Logging;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Access;

/// <summary>
/// What a file says, which is looked at for every use and read when it has changed. While it cannot be read it says nothing, and every use
/// tries again. Thread-safe.
/// </summary>
/// <param name="path">The file's absolute path.</param>
/// <param name="read">Reads it, also if it is missing.</param>
/// <param name="nothing">What it says while it cannot be read.</param>
/// <param name="tell">Tells why it cannot be read, at most once a minute.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchedContent<T>(string path, Func<T> read, T nothing, Action<string> tell, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly OnceAMinute _failures = new(time);
    private readonly T _nothing = nothing;
    private T _content = nothing;
    private FileVersion? _version;

    /// <summary>What it says now.</summary>
    public T Current()
    {
        // Before the file is read: if it changes in between, the next look sees another version.
        var version = FileVersion.Of(path);
        lock (_lock)
        {
            if (version != _version)
            {
                (_content, _version) = TryRead(out var content) ? (content, version) : (_nothing, null);
            }

            return _content;
        }
    }

    private bool TryRead(out T content)
    {
        try
        {
            content = read();
            return true;
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            if (_failures.IsDue())
            {
                tell(e.Message);
            }

            content = _nothing;
            return false;
        }
    }
}

/// <summary>A version of a file.</summary>
/// <param name="Status">Its status. Its inode changes when the file is replaced.</param>
/// <param name="ModifiedAt">When it was last written.</param>
internal sealed record FileVersion(FileStatus Status, DateTime ModifiedAt)
{
    /// <summary>The version that is there now; null for no file.</summary>
    public static FileVersion? Of(string path) =>
        FileStatus.OfPath(path) is { } status ? new FileVersion(status, File.GetLastWriteTimeUtc(path)) : null;
}
