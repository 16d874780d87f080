using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Plexum.Codex.Host.Daemon.Peers;

/// <summary>
/// Checks each connection of the unix socket once, before its first request is read, and marks it for the requests: with
/// <see cref="OwnersConnection"/> or with <see cref="RefusedPeer"/>. A refused process gets its answer, but cannot hold connections.
/// </summary>
/// <param name="check">Decides.</param>
/// <param name="log">Tells the owner of refusals.</param>
/// <param name="time">The clock.</param>
internal sealed class PeerGate(PeerCheck check, RefusalLog log, TimeProvider time)
{
    /// <summary>How long a refused connection may stay.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private const int MaxRefused = 32;

    private int _refused;

    /// <summary>The gate before the rest of a connection's pipeline.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => EnterAsync(connection, next);

    private Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        switch (Check(connection))
        {
            case PeerVerdict.Served served:
                connection.Features.Set(served.Connection);
                connection.Features.Set(served.Process);
                return next(connection);
            case PeerVerdict.Refused refused:
                log.Write(refused);
                return RefuseAsync(connection, new RefusedPeer(refused.Detail), next);
            default:
                connection.Abort();
                return Task.CompletedTask;
        }
    }

    // Null for a connection that is gone already.
    private PeerVerdict? Check(ConnectionContext connection)
    {
        try
        {
            return connection.Features.Get<IConnectionSocketFeature>() is { } feature
                ? check.Check(feature.Socket)
                : throw new InvalidOperationException("A connection of the unix socket has no socket; this is a bug in plexum-codex.");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task RefuseAsync(ConnectionContext connection, RefusedPeer peer, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _refused) > MaxRefused)
        {
            Interlocked.Decrement(ref _refused);
            connection.Abort();
            return;
        }

        try
        {
            connection.Features.Set(peer);
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var end = limit.Token.Register(connection.Abort);
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _refused);
        }
    }
}
