using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools.Connections;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Tools;

/// <summary>The connections to an agent's tools: accepted, counted, closed. Part of its <see cref="ToolBridgeActor"/>.</summary>
/// <param name="agent">The agent.</param>
/// <param name="bridge">The actor.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The program's log.</param>
internal sealed class ToolConnections(AgentId agent, IActorRef bridge, TimeProvider time, ILoggingAdapter log)
{
    /// <summary>codex has one, and a second while it restarts its servers; any more are intruders.</summary>
    private const int MaxConnections = 32;

    private readonly Dictionary<long, ToolConnection> _open = [];
    private long _last;

    /// <summary>Whether a relay that showed the token is connected.</summary>
    public bool AnyServes => _open.Values.Any(connection => connection.IsServing);

    /// <summary>Whether a connection is open.</summary>
    public bool Has(long number) => _open.ContainsKey(number);

    /// <summary>Waits for the next connection; <see cref="Accepted"/> or <see cref="AcceptFailed"/> comes.</summary>
    public void Accept(ToolSocket socket) =>
        socket
            .Listener.AcceptAsync()
            .PipeTo(bridge, success: accepted => new Accepted(socket, accepted), failure: e => new AcceptFailed(socket, e.Message));

    /// <summary>Serves a connection, unless no turn runs or there are too many.</summary>
    /// <param name="accepted">The connection.</param>
    /// <param name="run">The run whose codex may connect; null if no turn runs.</param>
    public void Take(Accepted accepted, IBackendRun? run)
    {
        if (run is null)
        {
            log.Warning("codex: a connection to the tools of agent {AgentId} was closed: no turn with tools runs", agent);
            accepted.Socket.Dispose();
            return;
        }

        if (_open.Count >= MaxConnections)
        {
            log.Warning(
                "codex: more than {MaxConnections} connections to the tools of agent {AgentId}; one more is refused",
                MaxConnections,
                agent
            );
            accepted.Socket.Dispose();
            return;
        }

        var number = ++_last;
        var connection = new ToolConnection(number, accepted.Socket, run, bridge, time);
        _open.Add(number, connection);
        connection
            .RunAsync()
            .PipeTo(
                bridge,
                success: refusal => new Disconnected(number, refusal, null),
                failure: e => new Disconnected(number, null, e.Message)
            );
    }

    /// <summary>A connection has ended.</summary>
    public void Take(Disconnected message)
    {
        if (!_open.Remove(message.Connection, out var connection))
        {
            return;
        }

        _ = connection.DisposeAsync().AsTask();
        if (message.Refusal is { } refusal)
        {
            log.Warning("codex: a connection to the tools of agent {AgentId} was closed: {Reason}", agent, refusal);
        }
        else if (message.Problem is { } problem)
        {
            log.Warning("codex: a connection to the tools of agent {AgentId} failed: {Error}", agent, problem);
        }
    }

    /// <summary>Tells codex that the tools have changed.</summary>
    public void TellToolsChanged()
    {
        foreach (var connection in _open.Values)
        {
            _ = connection.TellToolsChangedAsync();
        }
    }

    /// <summary>Closes every connection.</summary>
    public void Close()
    {
        foreach (var connection in _open.Values)
        {
            _ = connection.DisposeAsync().AsTask();
        }

        _open.Clear();
    }

    /// <summary>Somebody has connected.</summary>
    public sealed record Accepted(ToolSocket Listener, Socket Socket) : IDeadLetterSuppression;

    /// <summary>Nobody can connect any more.</summary>
    public sealed record AcceptFailed(ToolSocket Listener, string Reason) : IDeadLetterSuppression;

    /// <summary>A connection has ended.</summary>
    public sealed record Disconnected(long Connection, string? Refusal, string? Problem) : IDeadLetterSuppression;
}
