using System.Collections.Immutable;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What is done outside the node's actor.</summary>
internal static class NodeWork
{
    /// <summary>Looks for what earlier programs left. A server of the wanted origin goes on.</summary>
    public static Task<NodeMessages.Found> LookAsync(AppServerServices services) =>
        FileWork.Run(async () =>
        {
            var found = FoundServers.Look(services.Profile);
            try
            {
                var wanted = found.Running.IsEmpty ? null : await WantedAsync(services).ConfigureAwait(false);
                return new NodeMessages.Found(found, found.Running.FirstOrDefault(server => server.Record.Origin == wanted));
            }
            catch
            {
                // Else they would be taken for those of a program that lives.
                found.LetGo();
                throw;
            }
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

    /// <summary>Of what a server should be; null without a codex that can be found: what runs may finish. File work.</summary>
    public static async Task<ServerOrigin?> WantedAsync(AppServerServices services)
    {
        try
        {
            var binary = await services.Binaries.FindAsync().ConfigureAwait(false);
            return services.Launcher.OriginOf(binary);
        }
        catch (CodexUnavailableException)
        {
            return null;
        }
    }
}
