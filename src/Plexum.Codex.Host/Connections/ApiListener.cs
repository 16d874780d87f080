using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Plexum.Codex.Host.Connections;

/// <summary>A listener that holds a limited number of connections. It accepts none while those that were closed are not gone yet.</summary>
/// <param name="inner">The transport's listener.</param>
/// <param name="table">Its connections.</param>
/// <param name="max">How many there may be.</param>
internal sealed class ApiListener(IConnectionListener inner, ConnectionTable table, int max) : IConnectionListener
{
    // How many closed connections Kestrel may still be finishing. They have no descriptor any more, only memory.
    private const int MaxFinishing = 64;

    // One for each connection that Kestrel has. It counts as a semaphore would, and can be closed while somebody waits.
    private readonly Channel<bool> _held = Channel.CreateBounded<bool>(max + MaxFinishing);

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _held.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await inner.AcceptAsync(cancellationToken).ConfigureAwait(false) is not { } accepted)
            {
                return null;
            }

            _held.Writer.TryWrite(true);
            var connection = new ApiConnection(accepted, table, () => _held.Reader.TryRead(out _));
            if (table.TryAdd(connection))
            {
                connection.Features.Set(connection);
                return connection;
            }

            connection.Abort(new ConnectionAbortedException("There are too many connections."));
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        // The listener was unbound.
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _held.Writer.TryComplete();
        return inner.UnbindAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        table.Dispose();
    }
}
