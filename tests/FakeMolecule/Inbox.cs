using System.Text.Json.Nodes;

namespace FakeMolecule;

/// <summary>
/// The poller and its queue: in memory, and the cursor on the disk as soon as rows are queued, so that a row which was fetched and not
/// popped is lost with the process.
/// </summary>
internal sealed class Inbox
{
    private const int MaxQueued = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly List<JsonObject> _queue = [];
    private readonly object _gate = new();
    private readonly StageFolder _folder;
    private readonly string _cursorFile;
    private readonly WireOutput _output;

    private Inbox(StageFolder folder, string cursorFile, WireOutput output) =>
        (_folder, _cursorFile, _output) = (folder, cursorFile, output);

    public static Inbox Start(StageFolder folder, MoleculeEnvironment environment, WireOutput output)
    {
        var inbox = new Inbox(folder, environment.CursorFile, output);
        new Thread(inbox.Poll) { IsBackground = true, Name = "poller" }.Start();
        return inbox;
    }

    /// <summary>The head of the queue, which stays there; null when none came in time.</summary>
    public JsonObject? Wait(TimeSpan limit)
    {
        lock (_gate)
        {
            var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
            while (_queue.Count == 0)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                {
                    return null;
                }
            }

            return _queue[0];
        }
    }

    public JsonArray Peek(int limit)
    {
        lock (_gate)
        {
            return new JsonArray([.. _queue.Take(limit <= 0 ? 10 : limit).Select(row => row.DeepClone())]);
        }
    }

    public bool Pop(string activityId)
    {
        lock (_gate)
        {
            return _queue.RemoveAll(row => (string?)row["activity_id"] == activityId) > 0;
        }
    }

    private void Poll()
    {
        using var period = new ManualResetEventSlim();
        for (; ; period.Wait(Period))
        {
            var rows = _folder.Rows().ToList();
            var cursor = File.Exists(_cursorFile) ? File.ReadAllText(_cursorFile).Trim() : "";
            // An unknown cursor is forgotten, as after 410; then all that there is comes again.
            var fresh = rows[(rows.FindIndex(row => (string?)row["activity_id"] == cursor) + 1)..];
            if (fresh.Count == 0)
            {
                continue;
            }

            lock (_gate)
            {
                _queue.AddRange(
                    fresh.Where(row => !_queue.Exists(queued => (string?)queued["activity_id"] == (string?)row["activity_id"]))
                );
                _queue.RemoveRange(0, Math.Max(0, _queue.Count - MaxQueued));
                Monitor.PulseAll(_gate);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(_cursorFile)!);
            File.WriteAllText(_cursorFile + ".tmp", (string?)fresh[^1]["activity_id"]);
            File.Move(_cursorFile + ".tmp", _cursorFile, overwrite: true);
            fresh.ForEach(_output.NotifyOf);
        }
    }
}
