using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Which server has which thread, and which run opened it last.</summary>
internal sealed class ThreadHolders
{
    private readonly Dictionary<ThreadId, (IActorRef Server, IActorRef? Run)> _holders = [];

    /// <summary>The actor of the server that has a thread; null if none has.</summary>
    public IActorRef? Of(ThreadId thread) => _holders.TryGetValue(thread, out var holder) ? holder.Server : null;

    /// <summary>A server has a thread, or is told to load it.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="server">The server's actor.</param>
    /// <param name="run">Who opens it; null to leave that as it is.</param>
    public void Note(ThreadId thread, IActorRef server, IActorRef? run) =>
        _holders[thread] = (server, run ?? _holders.GetValueOrDefault(thread).Run);

    /// <summary>A server no longer has a thread.</summary>
    public void Forget(ThreadId thread, IActorRef server)
    {
        if (server.Equals(Of(thread)))
        {
            _holders.Remove(thread);
        }
    }

    /// <summary>A server is gone with its threads.</summary>
    /// <param name="server">The server's actor; null for every one.</param>
    /// <param name="fault">What its runs are told; null if they know.</param>
    public void TellLost(IActorRef? server, AppServerFault? fault)
    {
        foreach (var (thread, holder) in _holders.Where(pair => server is null || server.Equals(pair.Value.Server)).ToArray())
        {
            _holders.Remove(thread);
            if (fault is not null)
            {
                holder.Run?.Tell(new AppServerProtocol.ServerLost(fault));
            }
        }
    }
}
