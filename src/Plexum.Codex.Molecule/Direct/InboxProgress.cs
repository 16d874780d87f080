using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>
/// Tracks how far the workspace's rows were fetched, handed out and settled. Fetching runs ahead of settling, and only the settled
/// position is saved, so that unsettled rows are fetched again after a crash. Not thread-safe.
/// </summary>
/// <param name="saved">The saved row up to which everything is settled, or null.</param>
internal sealed class InboxProgress(string? saved)
{
    // The window fetched after a lost cursor repeats settled rows; it is far shorter than this.
    private const int Remembered = 10_000;

    private readonly Queue<Entry> _open = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _past = new(StringComparer.Ordinal);
    private readonly Queue<string> _pastInOrder = new();

    /// <summary>The row after which the next fetch begins; null if a window must be fetched instead.</summary>
    public string? Position { get; private set; } = saved;

    /// <summary>The row up to which all rows are settled, inclusive; null if unknown.</summary>
    public string? Settled { get; private set; } = saved;

    /// <summary>The number of that row; 0 if unknown.</summary>
    public long SettledSeq { get; private set; }

    /// <summary>How many messages are handed out but not settled.</summary>
    public int AtHand { get; private set; }

    /// <summary>Adds fetched rows.</summary>
    /// <param name="rows">The rows, oldest first.</param>
    /// <returns>The messages among them that were not handed out before.</returns>
    public IReadOnlyList<InboundMessage> Take(IEnumerable<InboxRow> rows)
    {
        var messages = new List<InboundMessage>();
        foreach (var row in rows)
        {
            Position = row.Id;
            if (_entries.ContainsKey(row.Id))
            {
                continue;
            }

            var isPast = _past.Contains(row.Id);
            var entry = new Entry(row.Id, row.Seq) { IsSettled = isPast || row.Message is null };
            _open.Enqueue(entry);
            _entries.Add(row.Id, entry);
            if (!entry.IsSettled)
            {
                AtHand++;
                messages.Add(row.Message!);
            }
        }

        Advance();
        return messages;
    }

    /// <summary>Marks a message as settled. If it is fetched only later, it will not be handed out.</summary>
    public void Settle(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            Remember(id);
        }
        else if (!entry.IsSettled)
        {
            entry.IsSettled = true;
            AtHand--;
            Advance();
        }
    }

    /// <summary>Clears <see cref="Position"/>, whose row the platform no longer has.</summary>
    public void ForgetPosition() => Position = null;

    private void Advance()
    {
        while (_open.TryPeek(out var first) && first.IsSettled)
        {
            _open.Dequeue();
            _entries.Remove(first.Id);
            Remember(first.Id);
            (Settled, SettledSeq) = (first.Id, Math.Max(SettledSeq, first.Seq));
        }
    }

    private void Remember(string id)
    {
        if (_past.Add(id))
        {
            _pastInOrder.Enqueue(id);
            if (_pastInOrder.Count > Remembered)
            {
                _past.Remove(_pastInOrder.Dequeue());
            }
        }
    }

    private sealed record Entry(string Id, long Seq)
    {
        public bool IsSettled { get; set; }
    }
}
