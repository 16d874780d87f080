using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FakeCodex.Server;

/// <summary>The loaded threads, whose writer locks the server holds.</summary>
internal sealed class ServerThreads(FakeScript script)
{
    private readonly ConcurrentDictionary<string, ServerThread> _loaded = new();
    private int _running;
    private int _questions = -1;

    /// <summary>No turn runs any more after the server was told to end.</summary>
    public event Action? Drained;

    /// <summary>The script as it is now: a test may change it while the server runs.</summary>
    public FakeScript Script => script.Again();

    public bool IsDraining { get; set; }

    public int Running => Volatile.Read(ref _running);

    public IEnumerable<string> Ids => _loaded.Keys;

    public ServerThread? Find(string? id) => id is not null && _loaded.TryGetValue(id, out var thread) ? thread : null;

    /// <summary>Loads a thread; null if another process writes to it.</summary>
    public ServerThread? Load(string id, string directory, bool isFresh, JsonArray? tools = null) =>
        CodexHome.TryLock(id) is { } held
            ? _loaded[id] = new ServerThread(id, directory, held, isFresh) { Tools = tools ?? CodexHome.ToolsOf(id) }
            : null;

    public void Unload(string id)
    {
        if (_loaded.TryRemove(id, out var thread))
        {
            thread.Turn?.End();
            thread.Dispose();
        }
    }

    public void Lose(Connection client)
    {
        foreach (var thread in _loaded.Values)
        {
            thread.Lose(client);
        }
    }

    public int NextQuestion() => Interlocked.Increment(ref _questions);

    public void Begun() => Interlocked.Increment(ref _running);

    public void Over()
    {
        if (Interlocked.Decrement(ref _running) == 0 && IsDraining)
        {
            Drained?.Invoke();
        }
    }
}
