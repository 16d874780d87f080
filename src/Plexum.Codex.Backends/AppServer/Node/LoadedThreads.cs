using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>The threads that this profile's app-server has loaded. Thread-safe.</summary>
/// <param name="server">The <see cref="AppServerActor"/>.</param>
public sealed class LoadedThreads(IActorRef server) : ILoadedThreads
{
    /// <inheritdoc/>
    public async Task ReleaseAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var unloaded = await server
            .Ask<AppServerProtocol.Unloaded>(new AppServerProtocol.Unload(thread), Timeout.InfiniteTimeSpan, cancellationToken)
            .ConfigureAwait(false);
        if (unloaded.Problem is { } problem)
        {
            throw new CodexException(problem);
        }
    }
}
