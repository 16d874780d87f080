using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Client.Documents;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What codex's app-server does, as a document.</summary>
internal static class AppServerStatus
{
    /// <summary>Asks the server's actor.</summary>
    /// <returns>Null if it does not answer.</returns>
    public static async Task<AppServerDocument?> FindAsync(DaemonActors actors)
    {
        try
        {
            var inspected = await actors
                .AppServer.Ask<AppServerProtocol.Inspected>(AppServerProtocol.Inspect.Instance, DaemonContext.AnswerLimit)
                .ConfigureAwait(false);
            return Describe(inspected.State);
        }
        catch (AskTimeoutException)
        {
            // The rest of the status is worth having all the same.
            return null;
        }
    }

    /// <summary>The document.</summary>
    internal static AppServerDocument Describe(AppServerState state) =>
        new(NameOf(state.Phase), state.Loaded, state.Running, state.Restarts, state.DrainingPids)
        {
            Pid = state.Pid,
            Version = state.Version,
            Binary = state.Binary,
            StartedAt = state.StartedAt,
            ResidentBytes = state.ResidentBytes,
            Problem = state.Problem,
        };

    private static string NameOf(AppServerPhase phase) =>
        phase switch
        {
            AppServerPhase.Starting => "starting",
            AppServerPhase.Ready => "ready",
            AppServerPhase.BackingOff => "backing_off",
            _ => "stopped",
        };
}
