using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;

namespace Plexum.Codex.Tools;

/// <summary>Connections: accepted, authenticated, closed.</summary>
internal sealed partial class ToolBridgeActor
{
    /// <summary>codex has one, and a second while it restarts its servers; any more are intruders.</summary>
    private const int MaxConnections = 32;

    private void Accept(ServedTurn turn)
    {
        if (_socket is { } socket)
        {
            socket
                .Listener.AcceptAsync()
                .PipeTo(Self, success: accepted => new Accepted(turn, accepted), failure: e => new AcceptFailed(turn, e.Message));
        }
    }

    private void OnAccepted(Accepted accepted)
    {
        if (accepted.Turn != _turn)
        {
            accepted.Socket.Dispose();
            return;
        }

        Accept(accepted.Turn);
        if (_connections.Count >= MaxConnections)
        {
            LogTooMany(MaxConnections);
            accepted.Socket.Dispose();
            return;
        }

        var number = ++_lastConnection;
        var connection = new ToolConnection(number, accepted.Socket, accepted.Turn.Run, Self, _services.Time);
        _connections.Add(number, connection);
        connection
            .RunAsync()
            .PipeTo(
                Self,
                success: refusal => new Disconnected(number, refusal, null),
                failure: e => new Disconnected(number, null, e.Message)
            );
    }

    private void OnAuthenticate(ToolConnectionProtocol.Authenticate message) =>
        Sender.Tell(
            new ToolConnectionProtocol.Authenticated(
                _turn is { } turn
                    && _connections.ContainsKey(message.Connection)
                    && message.Agent == _id.Value
                    && turn.Token.Is(message.Token)
            )
        );

    private void OnDisconnected(Disconnected message)
    {
        if (!_connections.Remove(message.Connection, out var connection))
        {
            return;
        }

        _ = connection.DisposeAsync().AsTask();
        if (message.Refusal is { } refusal)
        {
            LogIntruder(refusal);
        }
        else if (message.Problem is { } problem)
        {
            LogConnectionFailed(problem);
        }
    }

    private void Disconnect()
    {
        foreach (var connection in _connections.Values)
        {
            _ = connection.DisposeAsync().AsTask();
        }

        _connections.Clear();
    }

    private sealed record Accepted(ServedTurn Turn, Socket Socket) : IDeadLetterSuppression;

    private sealed record AcceptFailed(ServedTurn Turn, string Reason) : IDeadLetterSuppression;

    private sealed record Disconnected(long Connection, string? Refusal, string? Problem) : IDeadLetterSuppression;
}
