using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>What turns of <c>codex app-server</c> need.</summary>
/// <param name="Server">The node's actor of the server, which speaks <see cref="Plexum.Codex.AppServer.Server.AppServerProtocol"/>.</param>
/// <param name="CodexHome">Codex's home, where it keeps threads and their locks.</param>
/// <param name="Binaries">Finds codex and remembers it.</param>
/// <param name="Time">The clock.</param>
public sealed record AppServerTurnServices(IActorRef Server, string CodexHome, CodexBinarySource Binaries, TimeProvider Time)
{
    /// <summary>The settings.</summary>
    public AppServerTurnSettings Settings { get; init; } = new();

    /// <summary>The threads that the server holds although no turn of theirs runs.</summary>
    public ILoadedThreads Loaded { get; init; } = NoLoadedThreads.Instance;

    /// <summary>The configuration's extra arguments.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>What codex and its MCP servers have in their environment and the model's commands do not get.</summary>
    public VariablePatterns HiddenVariables { get; init; } = VariablePatterns.None;

    /// <summary>Codex's environment, for the trial of a sandbox.</summary>
    public ProcessEnvironment Environment { get; init; } = new();

    /// <summary>What confined commands can reach and cannot read.</summary>
    public ConfinedSettings Confined { get; init; } = new();

    internal SandboxPreparation Sandboxes => new(Confined, CodexHome, Environment, ExtraArgs, Time);
}

/// <summary>How turns of the server are run. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record AppServerTurnSettings
{
    /// <summary>How long pieces of text are collected before they become an event; zero for not at all.</summary>
    public TimeSpan DeltaWindow { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the server has to end a turn that is interrupted. Then what belongs to the turn is killed.</summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long codex may be silent before it begins the turn; then readers are told. Null for as long as it likes.</summary>
    public TimeSpan? WaitingNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The size of what a turn may tell, in bytes. One that exceeds it is interrupted.</summary>
    public long MaxOutputBytes { get; init; } = 1024L * 1024 * 1024;
}
