using System.Text.Json.Nodes;

namespace FakeCodex.Server;

/// <summary>A loaded thread. Its clients get what is told of it.</summary>
internal sealed class ServerThread(string id, string directory, FileStream writerLock, bool isFresh) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Connection> _clients = [];

    public string Id => id;

    public string Directory { get; set; } = directory;

    /// <summary>The sandbox of its commands, by the name of its mode, profile or policy.</summary>
    public string Sandbox { get; set; } = "";

    /// <summary>The thread whose sub-agent has it; null if it is no sub-agent's.</summary>
    public string? Parent { get; set; }

    /// <summary>Whether no turn has run in it.</summary>
    public bool IsFresh { get; set; } = isFresh;

    /// <summary>Whether its rollout was there.</summary>
    public bool HadRollout { get; set; } = CodexHome.FindRollout(id) is not null;

    /// <summary>The turn that runs; null if none does.</summary>
    public TurnPlayer? Turn { get; set; }

    /// <summary>The <c>dynamicTools</c> that it was begun with.</summary>
    public JsonArray Tools { get; init; } = [];

    /// <summary>The last turns, oldest first.</summary>
    public List<JsonObject> Turns { get; } = [];

    /// <summary>The total that was told last; null if none was.</summary>
    public JsonObject? Total { get; set; }

    public string Status => Turn is null ? "idle" : "active";

    public JsonObject Describe() =>
        new()
        {
            ["id"] = id,
            ["path"] = CodexHome.FindRollout(id) ?? Path.Combine(CodexHome.Folder, "sessions", $"rollout-{id}.jsonl"),
            ["cwd"] = Directory,
            ["historyMode"] = "paginated",
            ["parentThreadId"] = Parent,
            ["status"] = new JsonObject { ["type"] = Status },
        };

    /// <summary>Its sandbox, as <c>thread/resume</c> tells it: that of a profile looks like workspace-write.</summary>
    public JsonObject DescribeSandbox()
    {
        var type = Sandbox switch
        {
            "danger-full-access" or "dangerFullAccess" => "dangerFullAccess",
            "read-only" or "readOnly" => "readOnly",
            _ => "workspaceWrite",
        };
        var isProfile = type == "workspaceWrite" && Sandbox is not ("workspace-write" or "workspaceWrite");
        return new JsonObject
        {
            ["sandbox"] = new JsonObject { ["type"] = type },
            ["activePermissionProfile"] = isProfile ? new JsonObject { ["id"] = Sandbox } : null,
        };
    }

    public void Join(Connection client)
    {
        lock (_gate)
        {
            if (!_clients.Contains(client))
            {
                _clients.Add(client);
            }
        }
    }

    public void Lose(Connection client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
        }
    }

    /// <summary>Does something with each client.</summary>
    public void ForClients(Action<Connection> what)
    {
        lock (_gate)
        {
            _clients.ForEach(what);
        }
    }

    public void Tell(string method, JsonObject parameters)
    {
        parameters["threadId"] = id;
        ForClients(client => client.Tell(method, (JsonObject)parameters.DeepClone()));
    }

    public void Dispose() => writerLock.Dispose();
}
