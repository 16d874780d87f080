using System.Collections.Immutable;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What is done outside the node's actor.</summary>
internal static class NodeWork
{
    /// <summary>
    /// Looks for what earlier programs left. The server of the codex that is wanted goes on; it takes over what servers that have ended
    /// left undone.
    /// </summary>
    public static Task<NodeMessages.Found> LookAsync(AppServerServices services) =>
        FileWork.Run(async () =>
        {
            var found = FoundServers.Look(services.Profile);
            var wanted = found.Running.IsEmpty ? null : await WantedAsync(services.Binaries).ConfigureAwait(false);
            var current = wanted is null ? null : found.Running.FirstOrDefault(server => ServerEntry.Is(server, wanted));
            if (current is not null)
            {
                foreach (var thread in found.Leftovers)
                {
                    current.NoteUnloading(thread);
                }
            }

            return new NodeMessages.Found(found, current);
        });

    /// <summary>Starts a server.</summary>
    public static Task<ServerProcess> StartAsync(AppServerServices services, ImmutableArray<ThreadId> leftovers) =>
        FileWork.Run(async () =>
        {
            var binary = await services.Binaries.FindAsync().ConfigureAwait(false);
            return services.Launcher.Start(binary, leftovers, services.Time.GetUtcNow());
        });

    /// <summary>Ends a server and cleans up behind it.</summary>
    public static Task EndAsync(ServerProcess server, AppServerServices services) =>
        FileWork.Run(async () =>
        {
            await server.EndAsync(hasTurns: true, services.Settings.TerminateGrace, services.Time).ConfigureAwait(false);
            server.CleanUp();
        });

    // Without a codex that can be found, what runs may finish.
    private static async Task<CodexBinary?> WantedAsync(CodexBinarySource binaries)
    {
        try
        {
            return await binaries.FindAsync().ConfigureAwait(false);
        }
        catch (CodexUnavailableException)
        {
            return null;
        }
    }
}
