using Akka.Actor;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>
/// Owns the socket over which codex reaches the host's tools, the current turn's tools, and the calls that wait for the host.
/// Parent: the agent's actor; no children. Phases: closed, opening, open. When it fails, its parent stops it; codex's calls then
/// fail, the turn goes on, and the next turn with tools gets a new one. After a turn whose codex stays, the socket and the relay's
/// connection
/// stay too (<see cref="KeptTools"/>), and every call is refused until the next turn.
/// </summary>
internal sealed partial class ToolBridgeActor : ReceiveActor, IWithTimers, IDisposable
{
    private readonly ToolServices _services;
    private readonly AgentId _id;
    private readonly ToolConnections _connections;
    private ToolSocket? _socket;
    private ServedTurn? _turn;
    private KeptTools? _kept;
    private Task _closed = Task.CompletedTask;

    public ToolBridgeActor(ToolServices services, AgentId id)
    {
        _services = services;
        _id = id;
        _connections = new ToolConnections(id, Self, services.Time, _log);
        Receive<ToolBridgeProtocol.OpenTurn>(OnOpen);
        Receive<Listening>(OnListening);
        Receive<NotListening>(OnNotListening);
        Receive<ToolBridgeProtocol.ChangeTools>(OnChange);
        Receive<ToolBridgeProtocol.CloseTurn>(_ => Close(), close => close.TurnId == _turn?.TurnId);
        Receive<ToolBridgeProtocol.CloseTurn>(_ => { });
        Receive<ToolConnections.Accepted>(OnAccepted);
        Receive<ToolConnections.AcceptFailed>(failed => LogAcceptFailed(failed.Reason), failed => failed.Listener == _socket);
        Receive<ToolConnections.AcceptFailed>(_ => { });
        Receive<ToolConnections.Disconnected>(_connections.Take);
        Receive<ToolConnectionProtocol.Authenticate>(OnAuthenticate);
        Receive<ToolConnectionProtocol.ListTools>(_ => Sender.Tell(new ToolConnectionProtocol.ToolsListed(_turn?.Tools ?? [])));
        Receive<ToolConnectionProtocol.Call>(OnCall);
        Receive<ToolCalls.Overdue>(OnOverdue);
        Receive<ToolConnectionProtocol.GiveUp>(OnGiveUp);
        Receive<ToolBridgeProtocol.ToolAnswered>(OnAnswered);
        Receive<Terminated>(OnHandlerGone);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ToolServices services, AgentId id) => Akka.Actor.Props.Create(() => new ToolBridgeActor(services, id));

    /// <summary>Akka.NET calls it when the actor stops, also after a failure.</summary>
    public void Dispose()
    {
        CloseSocket();
        _connections.Close();
    }

    protected override void PostStop()
    {
        EndTurn();
        Disconnect();
    }

    private void OnOpen(ToolBridgeProtocol.OpenTurn open)
    {
        EndTurn();
        var kept = _kept?.Fits(open) == true && _connections.AnyServes ? _kept : null;
        if (kept is null)
        {
            Disconnect();
        }

        var isHandled = !open.Handler.Equals(ActorRefs.Nobody) && !open.Handler.Equals(Context.System.DeadLetters);
        var turn = new ServedTurn(open, kept?.Token ?? open.Token, Sender, handlerGone: !isHandled);
        _turn = turn;
        if (isHandled)
        {
            Context.Watch(open.Handler);
        }

        if (kept is not null)
        {
            Opened(turn);
            return;
        }

        var path = ToolSocket.PathFor(_services.Profile, _id, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"));
        // An earlier turn's socket has the same path; its file goes first.
        _closed
            .ContinueWith(_ => ToolSocket.Listen(path), TaskScheduler.Default)
            .PipeTo(Self, success: socket => new Listening(turn, socket), failure: e => new NotListening(turn, e.Message));
    }

    // A turn may be opened twice, the second time with another token; what comes for the first one is then no longer of interest.
    private void OnListening(Listening listening)
    {
        var turn = listening.Turn;
        if (turn != _turn)
        {
            _closed = FileWork.Run(listening.Socket.Dispose);
            return;
        }

        _socket = listening.Socket;
        _connections.Accept(_socket);
        Opened(turn);
    }

    private void Opened(ServedTurn turn)
    {
        LogOpened(turn.TurnId, turn.Tools.Length);
        turn.Opener.Tell(new ToolBridgeProtocol.TurnOpened(turn.TurnId, turn.AskedToken, turn.ServerAt(_socket!, _id, _services), null));
    }

    private void OnNotListening(NotListening failed)
    {
        var turn = failed.Turn;
        if (turn == _turn)
        {
            turn.Opener.Tell(new ToolBridgeProtocol.TurnOpened(turn.TurnId, turn.AskedToken, null, failed.Reason));
            Close();
        }
    }

    private void OnChange(ToolBridgeProtocol.ChangeTools change)
    {
        if (_turn is not { } turn || turn.TurnId != change.TurnId)
        {
            return;
        }

        turn.Change(change.Tools);
        _connections.TellToolsChanged();
    }

    private void OnAccepted(ToolConnections.Accepted accepted)
    {
        if (accepted.Listener == _socket)
        {
            _connections.Accept(_socket);
            _connections.Take(accepted, _turn?.Run);
        }
        else
        {
            accepted.Socket.Dispose();
        }
    }

    private void OnAuthenticate(ToolConnectionProtocol.Authenticate message) =>
        Sender.Tell(
            new ToolConnectionProtocol.Authenticated(
                _turn is { } turn && _connections.Has(message.Connection) && message.Agent == _id.Value && turn.Token.Is(message.Token)
            )
        );

    private void Close()
    {
        EndTurn();
        if (_kept is null || !_connections.AnyServes)
        {
            Disconnect();
        }
    }

    private void EndTurn()
    {
        GiveUpAll("The turn is over.");
        if (_turn is { } turn)
        {
            _kept = turn.Kept;
            _turn = null;
            if (!turn.HandlerGone)
            {
                Context.Unwatch(turn.Handler);
            }
        }
    }

    private void Disconnect()
    {
        _kept = null;
        _connections.Close();
        CloseSocket();
    }

    private void CloseSocket()
    {
        if (_socket is { } socket)
        {
            _socket = null;
            _closed = FileWork.Run(socket.Dispose);
        }
    }

    private sealed record Listening(ServedTurn Turn, ToolSocket Socket);

    private sealed record NotListening(ServedTurn Turn, string Reason);
}
