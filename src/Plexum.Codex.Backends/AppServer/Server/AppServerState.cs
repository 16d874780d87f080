using System.Collections.Immutable;

namespace Plexum.Codex.AppServer.Server;

/// <summary>What the server of a node is doing.</summary>
/// <param name="Phase">Whether it runs.</param>
/// <param name="Loaded">How many threads it has loaded.</param>
/// <param name="Running">How many turns it runs.</param>
/// <param name="Restarts">How often it had to be started again since this program started.</param>
public sealed record AppServerState(AppServerPhase Phase, int Loaded, int Running, int Restarts)
{
    /// <summary>The state of a server that was never needed.</summary>
    public static AppServerState None { get; } = new(AppServerPhase.Stopped, 0, 0, 0);

    /// <summary>The process; null if none runs.</summary>
    public int? Pid { get; init; }

    /// <summary>The path of codex; null if no server was started.</summary>
    public string? Binary { get; init; }

    /// <summary>The version of codex, such as <c>0.169.0</c>; null if it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>How much memory the process holds, in bytes; null if it is not known.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>When the process was started; null if none runs.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The socket; null if none runs.</summary>
    public string? Socket { get; init; }

    /// <summary>The servers that only finish their turns, because codex's binary was replaced.</summary>
    public ImmutableArray<int> DrainingPids { get; init; } = [];

    /// <summary>Why the server does not run although it was needed; null if it does.</summary>
    public string? Problem { get; init; }
}

/// <summary>Whether the server runs.</summary>
public enum AppServerPhase
{
    /// <summary>No server runs. The first turn that needs one starts it.</summary>
    Stopped,

    /// <summary>A server is looked for or being started.</summary>
    Starting,

    /// <summary>The server takes requests.</summary>
    Ready,

    /// <summary>The server died or could not be started; another start follows.</summary>
    BackingOff,
}
