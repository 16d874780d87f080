namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>The part of a window that was read, newest first: a long one is read by many requests, of which some may fail.</summary>
internal sealed class WindowReading
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _wasNew = true;

    /// <summary>The rows.</summary>
    public List<InboxRow> Rows { get; } = [];

    /// <summary>The moment before which to go on; null at the beginning.</summary>
    public string? Before { get; private set; }

    /// <summary>Adds a page.</summary>
    /// <returns>False where it leads no further.</returns>
    public bool Add(IReadOnlyList<InboxRow> page)
    {
        var (hadNew, count) = (_wasNew, Rows.Count);
        Rows.AddRange(page.Where(row => _known.Add(row.Id)));
        _wasNew = Rows.Count > count;
        if (page.Count > 0)
        {
            // Several rows may be of one moment, so it is asked for again; only when all of them are known, for what was before.
            Before = _wasNew ? page[^1].JustAfter : page[^1].CreatedAt;
        }

        return _wasNew || hadNew;
    }
}
