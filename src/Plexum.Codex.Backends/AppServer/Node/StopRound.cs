using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Who waits for the servers to end, and which of them stay because turns run.</summary>
internal sealed class StopRound
{
    private readonly HashSet<IActorRef> _staying = [];
    private readonly List<IActorRef> _askers = [];

    /// <summary>Whether the servers are to end.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>What each server is told.</summary>
    public ServerProtocol.End Command { get; private set; } = new(EvenWithTurns: false);

    /// <summary>Tells the servers to end.</summary>
    public void Ask(AppServerProtocol.Stop stop, IActorRef asker, IEnumerable<IActorRef> servers)
    {
        (IsAsked, Command) = (true, new ServerProtocol.End(stop.EvenWithTurns));
        _askers.Add(asker);
        _staying.Clear();
        foreach (var server in servers)
        {
            server.Tell(Command);
        }
    }

    /// <summary>Answers once every server is gone or stays.</summary>
    /// <param name="staying">A server that stays; null if there is no other than before.</param>
    /// <param name="isStarting">Whether another one is being started.</param>
    /// <param name="servers">The servers that there are.</param>
    /// <param name="turnsOf">How many turns a server runs.</param>
    public void AnswerWhenDone(IActorRef? staying, bool isStarting, IReadOnlyCollection<IActorRef> servers, Func<IActorRef, int> turnsOf)
    {
        if (staying is not null)
        {
            _staying.Add(staying);
        }

        if (isStarting || !servers.All(_staying.Contains))
        {
            return;
        }

        foreach (var asker in _askers)
        {
            asker.Tell(new AppServerProtocol.Stopped(servers.Sum(turnsOf)));
        }

        _askers.Clear();
    }
}
