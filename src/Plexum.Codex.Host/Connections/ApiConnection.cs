using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Plexum.Codex.Host.Connections;

/// <summary>A connection that its listener counts until it has ended. It is a feature of itself, so that a request finds it.</summary>
/// <param name="inner">The connection as the transport made it.</param>
/// <param name="table">The connections of the listener.</param>
/// <param name="ended">Called once the transport is done with it.</param>
internal sealed class ApiConnection(ConnectionContext inner, ConnectionTable table, Action ended) : ConnectionContext
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesReceived = 128;

    /// <summary>Its place among the unauthenticated connections; null if it is not one of them. The table's.</summary>
    public LinkedListNode<ApiConnection>? Place { get; set; }

    /// <summary>Since when it is one of them, as a timestamp. The table's.</summary>
    public long Since { get; set; }

    /// <summary>Whether its last request had a valid token, or it needs none. The table's.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>
    /// Whether the other side has sent anything, by the kernel's count (<c>tcpi_bytes_received</c> of <c>struct tcp_info</c>, tcp(7)): what
    /// Kestrel has not yet read or understood counts too. False if the kernel does not say.
    /// </summary>
    public bool HasSpoken
    {
        get
        {
            Span<byte> info = stackalloc byte[BytesReceived + sizeof(ulong)];
            try
            {
                return inner.Features.Get<IConnectionSocketFeature>()?.Socket.GetRawSocketOption(TcpLevel, TcpInfo, info) == info.Length
                    && MemoryMarshal.Read<ulong>(info[BytesReceived..]) > 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    public override string ConnectionId
    {
        get => inner.ConnectionId;
        set => inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => inner.Items;
        set => inner.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => inner.Transport;
        set => inner.Transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => inner.ConnectionClosed;
        set => inner.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => inner.LocalEndPoint;
        set => inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => inner.RemoteEndPoint;
        set => inner.RemoteEndPoint = value;
    }

    /// <summary>A request had a valid token.</summary>
    public void Authenticated() => table.Authenticated(this);

    /// <summary>A request had no valid token.</summary>
    public void Refused() => table.Refused(this);

    public override void Abort() => inner.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            table.Remove(this);
            ended();
        }
    }
}
