using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>The servers of the node: which of them takes threads, and who has which thread. Used in the turn of its actor only.</summary>
/// <param name="requests">What the servers were asked to open.</param>
internal sealed class Fleet(OpenRequests requests)
{
    private readonly Dictionary<IActorRef, ServerEntry> _servers = [];

    /// <summary>Who has which thread.</summary>
    public ThreadHolders Holders { get; } = new();

    /// <summary>What the servers were asked to open and have not answered.</summary>
    public OpenRequests Requests => requests;

    /// <summary>The actor of the server that takes threads; null if none does.</summary>
    public IActorRef? Current { get; set; }

    /// <summary>What is known of that server.</summary>
    public ServerEntry? CurrentEntry => Current is { } current ? Find(current) : null;

    /// <summary>The servers' actors.</summary>
    public IReadOnlyCollection<IActorRef> Servers => _servers.Keys;

    /// <summary>What is known of each.</summary>
    public IReadOnlyCollection<ServerEntry> Entries => _servers.Values;

    /// <summary>What is known of a server; null if it is none (any more).</summary>
    public ServerEntry? Find(IActorRef server) => _servers.GetValueOrDefault(server);

    /// <summary>Adds a server.</summary>
    public void Add(IActorRef server, ServerProcess process) => _servers[server] = new ServerEntry(process);

    /// <summary>Whether a server that nobody looks after any more is being ended: its threads are free only then.</summary>
    public bool IsEndingLost => _servers.Values.Any(entry => entry.IsLost);

    /// <summary>Removes a server that has ended. Its runs know; what it was asked too late stays among the requests.</summary>
    /// <returns>What was known of it; null if it was none.</returns>
    public ServerEntry? Remove(IActorRef server)
    {
        Holders.TellLost(server, null);
        Current = server.Equals(Current) ? null : Current;
        return _servers.Remove(server, out var entry) ? entry : null;
    }

    /// <summary>A server has a thread, to which a run listens.</summary>
    public void Note(ServerProtocol.Holds holds, IActorRef server)
    {
        requests.Remove(holds.Turn);
        Holders.Note(holds.Thread, server, holds.Run);
    }

    /// <summary>The actor of a server has failed: its threads, and what it was asked to open, are lost.</summary>
    /// <param name="server">The server's actor; null for every one.</param>
    /// <param name="fault">What its runs are told.</param>
    public void TellLost(IActorRef? server, AppServerFault fault)
    {
        if (server is not null && Find(server) is { } entry)
        {
            entry.IsLost = true;
            Current = server.Equals(Current) ? null : Current;
        }

        Holders.TellLost(server, fault);
        requests.TellLost(server, fault);
    }

    /// <summary>A server takes no new threads, and ends once its turns have.</summary>
    public void Leave(IActorRef server)
    {
        Current = server.Equals(Current) ? null : Current;
        if (Find(server) is { IsDraining: false } entry)
        {
            entry.IsDraining = true;
            server.Tell(ServerProtocol.Drain.Instance);
        }
    }

    /// <summary>Has a server open a thread.</summary>
    public void Give(IActorRef server, AppServerProtocol.OpenThread open, IActorRef run)
    {
        // Which run has it is known once the server has not refused it.
        if (open.Thread is { } thread)
        {
            Holders.Note(thread, server, null);
        }

        requests.Add(open, run, server);
        server.Tell(open, run);
    }

    /// <summary>Hands a command on to the server that has the thread.</summary>
    /// <param name="command">The command.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="turn">The turn of the command.</param>
    /// <param name="method">What is refused if no server has the thread.</param>
    /// <param name="run">Who sent it.</param>
    public void Forward(AppServerProtocol.ICommand command, ThreadId thread, TurnId turn, string method, IActorRef run)
    {
        if (Holders.Of(thread) is { } holder)
        {
            holder.Tell(command, run);
        }
        else
        {
            var number = command is AppServerProtocol.Ask ask ? ask.Number : 0;
            run.Tell(new AppServerProtocol.Refused(turn, ServerThreads.NotLoaded) { Method = method, Number = number });
        }
    }

    /// <summary>The server that has the thread to open; null if none has, or it is a new one.</summary>
    public IActorRef? HolderOf(AppServerProtocol.OpenThread open) => open.Thread is { } thread ? Holders.Of(thread) : null;

    /// <summary>Has the server that has a thread hand its turn over.</summary>
    public void Reattach(AppServerProtocol.OpenThread open, IActorRef run)
    {
        if (HolderOf(open) is { } holder)
        {
            Give(holder, open, run);
        }
        else
        {
            const string Why = "No codex app-server of this profile has the thread loaded any more.";
            ServerThreads.Refuse(run, open, new AppServerFault(AppServerFaultKind.ServerDown, Why));
        }
    }

    /// <summary>Has the server that has a thread unload it.</summary>
    /// <param name="unload">The command.</param>
    /// <param name="asker">Who sent it.</param>
    /// <param name="leftovers">The threads that a server may have left archived.</param>
    public void Unload(AppServerProtocol.Unload unload, IActorRef asker, ImmutableArray<ThreadId> leftovers)
    {
        if (Holders.Of(unload.Thread) is { } holder)
        {
            holder.Tell(unload, asker);
        }
        else
        {
            var problem = leftovers.Contains(unload.Thread) ? ThreadUnloading.LeftArchived(unload.Thread) : null;
            asker.Tell(new AppServerProtocol.Unloaded(unload.Thread, problem));
        }
    }
}
