using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Scripts;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>
/// A server for the Responses API on 127.0.0.1 that answers by script, so that the real codex can run whole turns without an account. It
/// is only Kestrel, without host, signal handlers or logging. Rejects requests that the real service would reject. Thread-safe.
/// </summary>
public sealed class LoopbackModelServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _stopping;
    private readonly ExchangeLog _log;
    private int _disposed;

    private LoopbackModelServer(KestrelServer kestrel, CancellationTokenSource stopping, ExchangeLog log, Uri baseUrl)
    {
        _kestrel = kestrel;
        _stopping = stopping;
        _log = log;
        BaseUrl = baseUrl;
        Provider = new CodexProvider(baseUrl);
    }

    /// <summary>The server's URL including the path <c>/v1</c>, which codex calls <c>base_url</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The codex configuration for this server.</summary>
    public CodexProvider Provider { get; }

    /// <summary>A snapshot of the latest requests and their outcomes, oldest first.</summary>
    public IReadOnlyList<ModelExchange> Exchanges => _log.Snapshot();

    /// <summary>The reasons for refused requests, oldest first; empty if codex and the script made no errors.</summary>
    public IReadOnlyList<string> Refusals => _log.Snapshot().Select(exchange => exchange.Refusal).OfType<string>().ToList();

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="script">Chooses the answers; null for <see cref="Directives.Script"/>.</param>
    /// <param name="remembered">How many exchanges are kept; older ones are dropped.</param>
    /// <param name="cancellationToken">Cancels the start; does not stop the server.</param>
    public static async Task<LoopbackModelServer> StartAsync(
        ModelScript? script = null,
        int remembered = 512,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(remembered);
        var log = new ExchangeLog(remembered);
        var stopping = new CancellationTokenSource();
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = ResponsesEndpoint.MaxRequestBytes;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port: 0);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            var endpoint = new ResponsesEndpoint(script ?? Directives.Script, log, stopping.Token);
            await kestrel.StartAsync(new ResponsesApplication(endpoint), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            kestrel.Dispose();
            stopping.Dispose();
            throw;
        }

        var address = kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LoopbackModelServer(kestrel, stopping, log, new Uri(new Uri(address), "/v1"));
    }

    /// <summary>Completes with the first past or future exchange that meets the condition.</summary>
    /// <param name="condition">Evaluated after a request is read and before it is answered; must be fast.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<ModelExchange> WaitForExchangeAsync(Func<ModelExchange, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return _log.WaitForAsync(condition, cancellationToken);
    }

    /// <summary>Aborts all running answers and stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync().ConfigureAwait(false);
        await _kestrel.StopAsync(atOnce.Token).ConfigureAwait(false);
        _kestrel.Dispose();
        _stopping.Dispose();
    }
}
