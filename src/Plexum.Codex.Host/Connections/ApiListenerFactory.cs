using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Plexum.Codex.Posix;
using Serilog;

namespace Plexum.Codex.Host.Connections;

/// <summary>Makes Kestrel's listeners, each with its cap on connections.</summary>
/// <param name="inner">The transport.</param>
/// <param name="caps">The caps.</param>
/// <param name="authenticationLimit">How long a connection over TCP may be unauthenticated.</param>
/// <param name="time">The clock.</param>
internal sealed class ApiListenerFactory(
    IConnectionListenerFactory inner,
    ConnectionCaps caps,
    TimeSpan authenticationLimit,
    TimeProvider time
) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await inner.BindAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var (max, unauthenticated) = endpoint is UnixDomainSocketEndPoint ? (caps.Local, 0) : (caps.Tcp, caps.Unauthenticated);
        return new ApiListener(listener, new ConnectionTable(max, unauthenticated, authenticationLimit, time), max);
    }
}

/// <summary>Registers <see cref="ApiListenerFactory"/>.</summary>
internal static class ApiListenerServices
{
    /// <summary>Makes Kestrel listen with caps, and raises the limit on open files.</summary>
    /// <param name="services">The services of the web application.</param>
    /// <param name="wanted">The settings.</param>
    /// <param name="turns">How many codex processes may run at once.</param>
    /// <param name="time">The clock.</param>
    public static void AddConnectionCaps(this IServiceCollection services, ConnectionSettings wanted, int turns, TimeProvider time)
    {
        var caps = ConnectionCaps.Fit(wanted, DescriptorLimit.Raise(), turns);
        if (caps.Warning is { } warning)
        {
            Log.Warning("{Warning:l}", warning);
        }

        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory>(provider => new ApiListenerFactory(
            provider.GetRequiredService<SocketTransportFactory>(),
            caps,
            wanted.AuthenticationLimit,
            time
        ));
    }
}
