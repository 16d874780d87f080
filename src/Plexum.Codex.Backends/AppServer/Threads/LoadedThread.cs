using System.Text.Json;
using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>What is known of a thread that a server has loaded, is loading or unloading.</summary>
internal sealed class LoadedThread(ThreadId id, ThreadPhase phase)
{
    /// <summary>The thread.</summary>
    public ThreadId Id => id;

    /// <summary>Whether it can be used.</summary>
    public ThreadPhase Phase { get; set; } = phase;

    /// <summary>The run that listens; null if none does.</summary>
    public IActorRef? Run { get; set; }

    /// <summary>
    /// Whether the server was asked to load it and has not answered: it may load it still, and does not name it among the loaded ones
    /// before (measured on 0.169.0 and 0.171.0).
    /// </summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Whether the run that listens was told that the thread is open, and has not asked for its turn.</summary>
    public bool AwaitsTurn { get; set; }

    /// <summary>
    /// Whether the run that listened is gone without having closed the thread, so that another one may go on with its turn.
    /// </summary>
    public bool AwaitsHeir { get; set; }

    /// <summary>Whether no run listens, or ever will to what the thread is doing.</summary>
    public bool IsNobodys => Run is null && !AwaitsHeir && Phase == ThreadPhase.Loaded;

    /// <summary>The thread whose sub-agent has this one; null if it is no sub-agent's, as far as known.</summary>
    public ThreadId? Parent { get; set; }

    /// <summary>Whether it is not loaded at all: another server may have left it in the archive, from which it is taken out.</summary>
    public bool WasLeft { get; init; }

    /// <summary>How often it could not be unloaded.</summary>
    public int FailedUnloads { get; set; }

    /// <summary>The turn of the run.</summary>
    public TurnId RunTurn { get; set; }

    /// <summary>
    /// The <see cref="ThreadSetup.Fingerprint"/> with which it was loaded; null if that is unknown, or nothing it says is heard.
    /// </summary>
    public string? Fingerprint { get; set; }

    /// <summary>The path of its rollout; null if codex named none.</summary>
    public string? Path { get; set; }

    /// <summary>Its token total; null if codex has not told it.</summary>
    public Usage? Total { get; set; }

    /// <summary>Codex's id of the running turn, empty if that is unknown; null if none runs.</summary>
    public string? Turn { get; set; }

    /// <summary>Whether a turn has been asked for and not been answered.</summary>
    public bool IsStarting { get; set; }

    /// <summary>Codex's id of the turn that ended last; null if none has.</summary>
    public string? LastTurn { get; set; }

    /// <summary>
    /// Whether something may be on disk. A new thread has nothing there before its first turn, and archiving it would put it there.
    /// </summary>
    public bool HasRollout { get; set; } = true;

    /// <summary>Which use of a thread was its last, counted over all threads.</summary>
    public long LastUse { get; set; }

    /// <summary>What waits until it is loaded or unloaded, with its sender.</summary>
    public Queue<(AppServerProtocol.ICommand Command, IActorRef Sender)> Waiting { get; } = [];

    /// <summary>The request that loads it, of which only the thread's token total is missing; null if none does.</summary>
    public AppServerProtocol.OpenThread? Opening { get; set; }

    /// <summary>Whether a turn runs, as far as known.</summary>
    public bool IsRunning => IsStarting || Turn is not null;

    /// <summary>Whether nobody needs it to stay loaded.</summary>
    public bool IsIdle => Phase == ThreadPhase.Loaded && Run is null && !IsRunning;

    /// <summary>Whether it is loaded as somebody wants it, from the file in which its rollout is found.</summary>
    public bool IsAs(AppServerProtocol.OpenThread open) =>
        Fingerprint == open.Setup.Fingerprint
        && (Path is null || open.Rollout is not { } found || (found.Length > 0 && Path.EndsWith($"/{found}", StringComparison.Ordinal)));

    /// <summary>Learns from what the server tells.</summary>
    public void Note(string method, JsonElement parameters)
    {
        switch (method)
        {
            case "turn/started":
                (Turn, IsStarting) = (TurnOf(parameters) ?? "", false);
                break;
            case "turn/completed":
                (LastTurn, Turn) = (TurnOf(parameters), null);
                break;
            case "thread/tokenUsage/updated":
                Total = ServerJson.TotalOf(parameters) ?? Total;
                break;
        }
    }

    /// <summary>Learns that a turn was started. The server may have told its end already.</summary>
    public void NoteStarted(string turn)
    {
        IsStarting = false;
        Turn = turn == LastTurn ? Turn : turn;
    }

    private static string? TurnOf(JsonElement parameters) =>
        WireMessage.TextOf(WireMessage.Member(WireMessage.Member(parameters, "turn"), "id"));
}

/// <summary>Whether a thread can be used.</summary>
internal enum ThreadPhase
{
    /// <summary>It is being loaded.</summary>
    Loading,

    /// <summary>It is loaded.</summary>
    Loaded,

    /// <summary>It is being unloaded.</summary>
    Unloading,
}
