using System.Globalization;
using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Backend;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>The threads that this profile's app-server has loaded. Thread-safe.</summary>
/// <param name="server">The <see cref="AppServerActor"/>.</param>
/// <param name="limit">How long it has to let go of a thread.</param>
public sealed class LoadedThreads(IActorRef server, TimeSpan limit) : ILoadedThreads
{
    /// <inheritdoc/>
    public async Task ReleaseAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        try
        {
            var unloaded = await server
                .Ask<AppServerProtocol.Unloaded>(new AppServerProtocol.Unload(thread), limit, cancellationToken)
                .ConfigureAwait(false);
            if (unloaded.Problem is { } problem)
            {
                throw new ThreadBusyException(problem);
            }
        }
        catch (AskTimeoutException)
        {
            throw new ThreadBusyException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"codex app-server did not let go of the thread {thread} within {limit.TotalSeconds:0.#} s. Try again in a moment."
                )
            );
        }
    }
}
