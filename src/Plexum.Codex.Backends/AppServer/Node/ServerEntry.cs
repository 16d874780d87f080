using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What is known of a server.</summary>
internal sealed class ServerEntry(ServerProcess process)
{
    /// <summary>The process.</summary>
    public ServerProcess Process => process;

    /// <summary>Whether it has taken requests.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether its actor failed and the process is being ended.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it takes no new threads.</summary>
    public bool IsDraining { get; set; }

    /// <summary>How many threads it has loaded.</summary>
    public int Threads { get; private set; }

    /// <summary>How many turns it runs.</summary>
    public int Running { get; private set; }

    /// <summary>The version of codex.</summary>
    public string Version { get; set; } = process.Record.Version;

    /// <summary>Learns how much it does.</summary>
    public void Note(ServerProtocol.Load load) => (Threads, Running) = (load.Threads, load.Running);

    /// <summary>Tells somebody what the servers of the node do.</summary>
    /// <param name="all">The servers.</param>
    /// <param name="current">The one that takes threads; null if none does.</param>
    /// <param name="isStarting">Whether one is looked for or started.</param>
    /// <param name="starts">How starts went.</param>
    /// <param name="asker">Gets an <see cref="AppServerProtocol.Inspected"/>.</param>
    public static void Describe(
        IReadOnlyCollection<ServerEntry> all,
        ServerEntry? current,
        bool isStarting,
        StartHistory starts,
        IActorRef asker
    )
    {
        var phase =
            current is not null ? (current.IsReady ? AppServerPhase.Ready : AppServerPhase.Starting)
            : isStarting ? AppServerPhase.Starting
            : starts.IsBackingOff ? AppServerPhase.BackingOff
            : AppServerPhase.Stopped;
        var state = new AppServerState(phase, all.Sum(entry => entry.Threads), all.Sum(entry => entry.Running), starts.Restarts)
        {
            Problem = starts.Problem,
            DrainingPids = [.. all.Where(entry => entry.IsDraining).Select(entry => entry.Process.Process.Identity.Pid)],
        };
        FileWork
            .Run(() => current?.AddTo(state) ?? state)
            .PipeTo(
                asker,
                success: described => new AppServerProtocol.Inspected(described),
                failure: _ => new AppServerProtocol.Inspected(state)
            );
    }

    private AppServerState AddTo(AppServerState state) =>
        state with
        {
            Pid = process.Process.Identity.Pid,
            Binary = process.Record.Binary,
            Version = Version,
            StartedAt = process.Record.StartedAt,
            Socket = process.Place.Socket,
            ResidentBytes = ServerSighting.ResidentOf(process.Process.Identity.Pid),
        };
}
