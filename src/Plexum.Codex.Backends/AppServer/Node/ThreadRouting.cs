using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Finds the server for each request to open or to unload a thread. Used in the turn of the node's actor only.</summary>
/// <param name="services">What the actor needs.</param>
/// <param name="fleet">The servers of the node.</param>
/// <param name="stop">Whether the servers are to end.</param>
/// <param name="leftovers">The threads that a server may have left archived.</param>
/// <param name="self">The actor.</param>
/// <param name="timers">Its timers.</param>
/// <param name="start">Starts a server, unless it has to wait.</param>
internal sealed class ThreadRouting(
    AppServerServices services,
    Fleet fleet,
    StopRound stop,
    Leftovers leftovers,
    IActorRef self,
    Func<ITimerScheduler> timers,
    Action start
)
{
    private LaterLook? _later;

    /// <summary>What waits for a server.</summary>
    public WaitingOpens Waiting { get; } = new();

    /// <summary>What waits until it is known that no server has its thread.</summary>
    public LaterLook Later => _later ??= new LaterLook(services, fleet, self, timers, Route);

    /// <summary>A thread is to be opened.</summary>
    public void Take(AppServerProtocol.OpenThread open, IActorRef run)
    {
        fleet.Requests.Remove(open.TurnId);
        Take(open.Thread, open, run);
    }

    /// <summary>A thread is to be unloaded.</summary>
    public void Take(AppServerProtocol.Unload unload, IActorRef asker) => Take(unload.Thread, unload, asker);

    /// <summary>It is known whether the server that takes threads is as it should be.</summary>
    public void Take(NodeMessages.Chosen chosen)
    {
        if ((fleet.HolderOf(chosen.Open) ?? fleet.Current) is { } server)
        {
            fleet.Give(server, chosen.Open, chosen.Run);
        }
        else
        {
            Waiting.Add(chosen.Open, chosen.Run);
            start();
        }
    }

    // A program that was killed meanwhile may have left the server that has the thread.
    private void Take(ThreadId? thread, AppServerProtocol.ICommand command, IActorRef sender)
    {
        if (thread is { } known && fleet.Holders.Of(known) is null && !stop.IsAsked)
        {
            Later.Add(command, sender);
        }
        else
        {
            Route(command, sender);
        }
    }

    private void Route(AppServerProtocol.ICommand command, IActorRef sender)
    {
        if (command is AppServerProtocol.OpenThread open)
        {
            Open(open, sender);
        }
        else if (command is AppServerProtocol.Unload unload)
        {
            fleet.Unload(unload, sender, leftovers.All);
        }
    }

    private void Open(AppServerProtocol.OpenThread open, IActorRef run)
    {
        var holder = fleet.HolderOf(open);
        if (open.Reattach && (holder is not null || !stop.IsAsked))
        {
            fleet.Reattach(open, run);
        }
        else if (stop.IsAsked || (fleet.Current is null && holder is null))
        {
            // When this program stops, nothing is started: the next one runs the turn.
            Waiting.Add(open, run);
            start();
        }
        else
        {
            FileWork
                .Run(() => NodeWork.WantedAsync(services))
                .PipeTo(
                    self,
                    success: wanted => new NodeMessages.Chosen(open, run, wanted),
                    failure: _ => new NodeMessages.Chosen(open, run, null)
                );
        }
    }
}
