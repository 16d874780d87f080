using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Processes;

/// <summary>
/// Finds codex when it is first needed, and again if the link or the program found has been replaced or removed: an update may replace it
/// while the daemon runs. The answer of a version manager's shim is believed for <see cref="KeptFor"/>, because its file stays the same
/// when it starts another version; if it then gives none, as on a busy machine, the earlier one holds. A failed search is repeated, since
/// codex may have been installed meanwhile.
/// </summary>
/// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
/// <param name="searchPath">The value of PATH.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class CodexBinarySource(string configured, string? searchPath, TimeProvider? time = null)
{
    /// <summary>How long a shim's answer is believed. Codex itself takes 10 ms to tell its version (0.169.0), a shim its time.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private Task<Found>? _search;

    /// <summary>
    /// Whether a shim is asked where no command in a sandbox can write, because it may run what the files in its directory name. Otherwise
    /// it is asked in the directory of this process.
    /// </summary>
    public bool AsksInTrustedPlace { get; init; }

    /// <summary>The codex program to run.</summary>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where we looked.</exception>
    public async Task<CodexBinary> FindAsync()
    {
        Task<Found> search;
        lock (_gate)
        {
            if (_search is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _search = SearchAsync();
            }
            else if (_search.IsCompletedSuccessfully)
            {
                var found = _search.Result;
                _search =
                    found.Stamp != StampOf(found.Binary) ? SearchAsync()
                    : found.Binary.IsShim && _time.GetElapsedTime(found.At) >= KeptFor ? AskAgainAsync(found)
                    : _search;
            }

            search = _search;
        }

        return (await search.ConfigureAwait(false)).Binary;
    }

    private async Task<Found> SearchAsync()
    {
        var at = _time.GetTimestamp();
        var directory = AsksInTrustedPlace ? TrustedPlace.Outside() : null;
        var binary = await CodexBinary.ResolveAsync(configured, searchPath, directory).ConfigureAwait(false);
        return new Found(binary, StampOf(binary), at);
    }

    private async Task<Found> AskAgainAsync(Found known)
    {
        var at = _time.GetTimestamp();
        try
        {
            return await SearchAsync().ConfigureAwait(false);
        }
        catch (CodexUnavailableException e) when (e is { IsTooOld: false, IsMissing: false } && known.Stamp == StampOf(known.Binary))
        {
            // Codex may be started all the same; if not, the turn ends with the shim's own words.
            return known with { At = at };
        }
    }

    private static (FileMark Found, FileMark Program) StampOf(CodexBinary binary) =>
        (FileMark.Of(binary.FoundAs), FileMark.Of(binary.Path));

    private sealed record Found(CodexBinary Binary, (FileMark Found, FileMark Program) Stamp, long At);

    /// <summary>Where a path leads and what is there.</summary>
    private readonly record struct FileMark(string? Target, DateTime WrittenAt, long Length)
    {
        public static FileMark Of(string path)
        {
            var target = RealPath.OfAnything(path);
            var file = new FileInfo(target ?? path);
            return file.Exists ? new FileMark(target, file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
