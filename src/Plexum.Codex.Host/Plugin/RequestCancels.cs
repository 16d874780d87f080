using System.Collections.Concurrent;
using Plexum.Codex.Host.Plugin.Rpc;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The running requests that the host can cancel, by id.</summary>
internal sealed class RequestCancels
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Runs a request until it completes or is cancelled.</summary>
    public async Task<T> RunAsync<T>(RpcId id, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _running[id.Key] = end;
        try
        {
            return await work(end.Token).ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(id.Key, end));
        }
    }

    /// <summary>Cancels a request.</summary>
    /// <returns>Whether it was running.</returns>
    public bool Cancel(RpcId id)
    {
        if (!_running.TryRemove(id.Key, out var end))
        {
            return false;
        }

        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just completed.
        }

        return true;
    }
}
