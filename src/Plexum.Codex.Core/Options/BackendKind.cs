namespace Plexum.Codex.Options;

/// <summary>What runs a turn, as set by <c>codex.backend</c>, by an agent and by a request.</summary>
public enum BackendKind
{
    /// <summary>The warm server if this version of codex was tried with it, else a process a turn.</summary>
    Auto,

    /// <summary>A process a turn: <c>codex exec</c>.</summary>
    Exec,

    /// <summary>One warm process for all turns of the node: <c>codex app-server</c>.</summary>
    AppServer,
}

/// <summary>The names of <see cref="BackendKind"/> in settings and JSON.</summary>
public static class BackendKinds
{
    /// <summary>Every value with its name.</summary>
    public static IReadOnlyList<(string Name, BackendKind Value)> All { get; } =
    [("auto", BackendKind.Auto), ("exec", BackendKind.Exec), ("app-server", BackendKind.AppServer)];

    /// <summary>The name.</summary>
    public static string ToWireName(this BackendKind backend) => All.First(pair => pair.Value == backend).Name;

    /// <summary>The value with that name; false for any other text.</summary>
    public static bool TryParse(string? name, out BackendKind backend)
    {
        var index = All.ToList().FindIndex(pair => pair.Name == name);
        backend = index < 0 ? default : All[index].Value;
        return index >= 0;
    }
}
