using System.Collections.Concurrent;
using Plexum.Codex.Host.Plugin.Rpc;

namespace Plexum.Codex.Host.Plugin;

/// <summary>Requests under way that their host may give up, by their ids.</summary>
internal sealed class RequestCancels
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Carries a request out, unless it is cancelled.</summary>
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
    /// <returns>Whether it was under way.</returns>
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
            // It has just been carried out.
        }

        return true;
    }
}
