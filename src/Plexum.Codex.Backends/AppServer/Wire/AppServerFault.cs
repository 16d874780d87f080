namespace Plexum.Codex.AppServer.Wire;

/// <summary>Why the server did not do what it was asked for.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Message">A sentence for people: codex's own words, or this program's.</param>
public sealed record AppServerFault(AppServerFaultKind Kind, string Message)
{
    /// <summary>The code of the server's error; null if the fault is not an answer of the server.</summary>
    public long? Code { get; init; }
}

/// <summary>
/// What an <see cref="AppServerFault"/> means. The server has one code for nearly everything, -32600, so its words decide (measured on
/// 0.169.0 and 0.171.0).
/// </summary>
public enum AppServerFaultKind
{
    /// <summary>An error of the server that this program does not know.</summary>
    Other,

    /// <summary>Another process writes to the thread.</summary>
    Busy,

    /// <summary>Codex has no rollout of the thread.</summary>
    NotFound,

    /// <summary>The thread is archived.</summary>
    Archived,

    /// <summary>The thread is not loaded in the server.</summary>
    NoSuchThread,

    /// <summary>The thread has no running turn, or another one than was named.</summary>
    NoActiveTurn,

    /// <summary>The input or a message is larger than the server or this program takes.</summary>
    TooLarge,

    /// <summary>The server has too much to do.</summary>
    Overloaded,

    /// <summary>The server ends once its running turns have.</summary>
    Draining,

    /// <summary>The server did not answer in time. Whether it did what it was asked for is unknown.</summary>
    NoAnswer,

    /// <summary>The server could not be started, has died, or cannot be reached any more.</summary>
    ServerDown,

    /// <summary>What the server said cannot be read.</summary>
    Unreadable,

    /// <summary>The server could not do it for a reason of the thread's configuration, such as a required MCP server that fails.</summary>
    Configuration,
}
