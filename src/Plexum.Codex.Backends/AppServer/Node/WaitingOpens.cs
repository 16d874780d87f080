using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Node;

/// <summary>The threads that are opened as soon as there is a server.</summary>
internal sealed class WaitingOpens
{
    private readonly List<(AppServerProtocol.OpenThread Open, IActorRef Run)> _waiting = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Adds one.</summary>
    public void Add(AppServerProtocol.OpenThread open, IActorRef run) => _waiting.Add((open, run));

    /// <summary>Opens them.</summary>
    public void GiveTo(Fleet fleet, IActorRef server)
    {
        _waiting.ForEach(waiting => fleet.Give(server, waiting.Open, waiting.Run));
        _waiting.Clear();
    }

    /// <summary>Tells those who wait that there will be none.</summary>
    public void Refuse(string why)
    {
        _waiting.ForEach(waiting =>
            ServerThreads.Refuse(waiting.Run, waiting.Open, new AppServerFault(AppServerFaultKind.ServerDown, why))
        );
        _waiting.Clear();
    }
}
