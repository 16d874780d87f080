using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>
/// How far the workspace's rows were fetched, handed out and settled. What was fetched is ahead of what is settled; only the latter is
/// saved, so that a program that dies fetches again what it had not settled. It is not made for several threads at once.
/// </summary>
/// <param name="saved">The row up to which everything was settled earlier; null where nothing is known.</param>
internal sealed class InboxProgress(string? saved)
{
    // A window after a forgotten cursor shows rows again that were dealt with; it is far shorter than this.
    private const int Remembered = 10_000;

    private readonly Queue<Entry> _open = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _past = new(StringComparer.Ordinal);
    private readonly Queue<string> _pastInOrder = new();

    /// <summary>The row behind which the next fetch begins; null where there is none and a window has to do.</summary>
    public string? Position { get; private set; } = saved;

    /// <summary>The row up to which, itself included, all are settled; null where none is.</summary>
    public string? Settled { get; private set; } = saved;

    /// <summary>The number of that row; 0 where it is not known.</summary>
    public long SettledSeq { get; private set; }

    /// <summary>How many messages were handed out and are not settled.</summary>
    public int AtHand { get; private set; }

    /// <summary>Takes in rows that were fetched.</summary>
    /// <param name="rows">The rows, oldest first.</param>
    /// <returns>Those that are messages and were not handed out yet.</returns>
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

    /// <summary>A message needs nothing more. One that was not fetched yet will not be handed out.</summary>
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

    /// <summary>The platform does not know the row of <see cref="Position"/> any more.</summary>
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
