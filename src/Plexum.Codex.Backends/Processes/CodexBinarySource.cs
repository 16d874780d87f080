namespace Plexum.Codex.Processes;

/// <summary>
/// Finds codex when it is first needed, and again if the program found has been replaced or removed: an update may replace it
/// while the daemon runs. A failed search is repeated, since codex may have been installed meanwhile.
/// </summary>
/// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
/// <param name="searchPath">The value of PATH.</param>
public sealed class CodexBinarySource(string configured, string? searchPath)
{
    private readonly Lock _gate = new();
    private Task<Found>? _search;

    /// <summary>The codex program to run.</summary>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where we looked.</exception>
    public async Task<CodexBinary> FindAsync()
    {
        Task<Found> search;
        lock (_gate)
        {
            if (
                _search is null
                || _search.IsFaulted
                || _search.IsCanceled
                || (_search.IsCompletedSuccessfully && _search.Result.HasChanged)
            )
            {
                _search = SearchAsync();
            }

            search = _search;
        }

        return (await search.ConfigureAwait(false)).Binary;
    }

    private async Task<Found> SearchAsync()
    {
        var binary = await CodexBinary.ResolveAsync(configured, searchPath).ConfigureAwait(false);
        return new Found(binary, StampOf(binary.Path));
    }

    private static (DateTime WrittenAt, long Length) StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private sealed record Found(CodexBinary Binary, (DateTime WrittenAt, long Length) Stamp)
    {
        public bool HasChanged => StampOf(Binary.Path) != Stamp;
    }
}
