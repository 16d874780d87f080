using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// The requests to open a thread about which the server was asked and whose runs have no answer yet. Used in the turn of the server's actor
/// only.
/// </summary>
internal sealed class OpensUnderWay
{
    private readonly Dictionary<TurnId, (AppServerProtocol.OpenThread Open, IActorRef Run)> _opens = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _opens.Count == 0;

    /// <summary>Whether one of them is about a turn of an earlier program, whose result only this server has.</summary>
    public bool HasReattach => _opens.Values.Any(under => under.Open.Reattach);

    /// <summary>The server is asked.</summary>
    public void Begin(AppServerProtocol.OpenThread open, IActorRef run) => _opens[open.TurnId] = (open, run);

    /// <summary>Whether it still has to be answered.</summary>
    public bool Has(AppServerProtocol.OpenThread open) => _opens.ContainsKey(open.TurnId);

    /// <summary>It is answered.</summary>
    public void End(AppServerProtocol.OpenThread open) => _opens.Remove(open.TurnId);

    /// <summary>Takes them all back: somebody else answers them.</summary>
    public (AppServerProtocol.ICommand Command, IActorRef Sender)[] TakeBack()
    {
        (AppServerProtocol.ICommand, IActorRef)[] all = [.. _opens.Values];
        _opens.Clear();
        return all;
    }
}
