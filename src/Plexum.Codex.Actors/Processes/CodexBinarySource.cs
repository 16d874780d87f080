namespace Plexum.Codex.Processes;

/// <summary>Finds codex once, when it is first needed. A search that failed is made again, since somebody may have installed it.</summary>
/// <param name="configured">A path, or a name to be looked for on <paramref name="searchPath"/>.</param>
/// <param name="searchPath">The value of PATH.</param>
public sealed class CodexBinarySource(string configured, string? searchPath)
{
    private readonly Lock _gate = new();
    private Task<CodexBinary>? _search;

    /// <summary>The codex to be run.</summary>
    /// <exception cref="CodexUnavailableException">It is missing, broken or too old; the message says where it was looked for.</exception>
    public Task<CodexBinary> FindAsync()
    {
        lock (_gate)
        {
            if (_search is null || _search.IsFaulted || _search.IsCanceled)
            {
                _search = CodexBinary.ResolveAsync(configured, searchPath);
            }

            return _search;
        }
    }
}
