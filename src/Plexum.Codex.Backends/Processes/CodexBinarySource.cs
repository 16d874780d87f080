namespace Plexum.Codex.Processes;

/// <summary>
/// Finds codex when it is first needed, and again if the program found has been replaced or removed: an update may replace it while the
/// daemon runs. What was found is believed for <see cref="KeptFor"/> at most, because the file of a version manager's shim stays the same
/// when it starts another version. A failed search is repeated, since codex may have been installed meanwhile.
/// </summary>
/// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
/// <param name="searchPath">The value of PATH.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class CodexBinarySource(string configured, string? searchPath, TimeProvider? time = null)
{
    /// <summary>How long an answer is believed. To ask codex itself for its version takes 10 ms (0.169.0); a shim takes its own time.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private Task<Found>? _search;

    /// <summary>The codex program to run.</summary>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where we looked.</exception>
    public async Task<CodexBinary> FindAsync()
    {
        Task<Found> search;
        lock (_gate)
        {
            if (_search is null || _search.IsFaulted || _search.IsCanceled || (_search.IsCompletedSuccessfully && IsPast(_search.Result)))
            {
                _search = SearchAsync();
            }

            search = _search;
        }

        return (await search.ConfigureAwait(false)).Binary;
    }

    private bool IsPast(Found found) => found.Stamp != StampOf(found.Binary.Path) || _time.GetElapsedTime(found.At) >= KeptFor;

    private async Task<Found> SearchAsync()
    {
        var at = _time.GetTimestamp();
        var binary = await CodexBinary.ResolveAsync(configured, searchPath).ConfigureAwait(false);
        return new Found(binary, StampOf(binary.Path), at);
    }

    private static (DateTime WrittenAt, long Length) StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private sealed record Found(CodexBinary Binary, (DateTime WrittenAt, long Length) Stamp, long At);
}
