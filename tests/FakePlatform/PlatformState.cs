namespace Plexum.Codex.Molecule;

/// <summary>The platform's tables.</summary>
internal sealed class PlatformState(FakePlatform platform)
{
    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _lately = new();
    private long _seq;

    public Dictionary<string, FakeWorkspace> Workspaces { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<Delegation> Delegations { get; } = [];

    public T Locked<T>(Func<T> work)
    {
        lock (_lock)
        {
            return work();
        }
    }

    public void Locked(Action work)
    {
        lock (_lock)
        {
            work();
        }
    }

    public FakeWorkspace? Find(string id) => Workspaces.GetValueOrDefault(id);

    public ActivityRow Write(FakeWorkspace workspace, ActivityRow row)
    {
        lock (_lock)
        {
            var now = platform.Time.GetUtcNow();
            var written = row with { Seq = ++_seq, CreatedAt = row.CreatedAt == default ? now.AddTicks(-(now.Ticks % 10)) : row.CreatedAt };
            workspace.Places[written.Id] = workspace.Activity.Count;
            workspace.Activity.Add(written);
            return written;
        }
    }

    public void Prune(FakeWorkspace workspace, int rows)
    {
        lock (_lock)
        {
            workspace.Activity.RemoveRange(0, rows);
            workspace.Places.Clear();
            foreach (var (at, row) in workspace.Activity.Index())
            {
                workspace.Places[row.Id] = at;
            }
        }
    }

    /// <summary>Counts a request; false where there were too many in the last minute.</summary>
    public bool Admit()
    {
        var now = platform.Time.GetUtcNow();
        while (_lately.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            _lately.Dequeue();
        }

        if (_lately.Count >= platform.Options.RequestsPerMinute)
        {
            return false;
        }

        if (platform.Options.RequestsPerMinute != int.MaxValue)
        {
            _lately.Enqueue(now);
        }

        return true;
    }
}
