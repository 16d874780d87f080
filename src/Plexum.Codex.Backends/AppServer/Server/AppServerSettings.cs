namespace Plexum.Codex.AppServer.Server;

/// <summary>How <c>codex app-server</c> is run. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record AppServerSettings
{
    /// <summary>How many threads stay loaded; beyond it, the one that was used longest ago is unloaded.</summary>
    public int MaxThreads { get; init; } = 64;

    /// <summary>How long pieces of text are collected before they become an event; zero for not at all.</summary>
    public TimeSpan DeltaWindow { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the server has to answer a request.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server has to start and to take its first connection.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new start waits after the first death of the server; it doubles with each.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a new start waits at most.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The size at which a message of the server is not read any more, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much of the server's stderr is kept, in bytes.</summary>
    public long MaxStderrBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long the server has to exit after SIGTERM. Then it is killed.</summary>
    public TimeSpan TerminateGrace { get; init; } = TimeSpan.FromSeconds(2);
}
