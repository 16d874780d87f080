namespace Plexum.Codex.Molecule.Direct;

/// <summary>
/// The rows of a window read so far, newest first. A long window takes many requests, and reading resumes after one has failed.
/// </summary>
internal sealed class WindowReading
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _wasNew = true;

    /// <summary>The rows.</summary>
    public List<InboxRow> Rows { get; } = [];

    /// <summary>The time before which to continue; null at the beginning.</summary>
    public string? Before { get; private set; }

    /// <summary>Adds a page.</summary>
    /// <returns>False if there is nothing more to read.</returns>
    public bool Add(IReadOnlyList<InboxRow> page)
    {
        var (hadNew, count) = (_wasNew, Rows.Count);
        Rows.AddRange(page.Where(row => _known.Add(row.Id)));
        _wasNew = Rows.Count > count;
        if (page.Count > 0)
        {
            // Several rows may have the same time, so include it again; exclude it only once all of its rows are known.
            Before = _wasNew ? page[^1].JustAfter : page[^1].CreatedAt;
        }

        return _wasNew || hadNew;
    }
}
