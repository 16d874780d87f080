using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Api;

/// <summary>The endpoints for the daemon's status.</summary>
internal sealed class StatusEndpoints(DaemonContext daemon)
{
    private static readonly HealthDocument Ok = new("ok");

    /// <summary>Responds if the process is alive.</summary>
    public static Task HealthAsync(HttpContext context) => ApiResponse.WriteAsync(context, Ok, ApiJson.Default.HealthDocument);

    /// <summary>Responds once the daemon accepts turns: the ledger is open and the turns of the last run are recovered.</summary>
    public async Task ReadyAsync(HttpContext context)
    {
        if (!daemon.IsReady || !daemon.Actors.Recovered.IsCompletedSuccessfully)
        {
            throw new ProblemException(daemon.IsClosing ? Problem.ShuttingDown : Problem.NotReady);
        }

        await daemon.Ledger.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, Ok, ApiJson.Default.HealthDocument).ConfigureAwait(false);
    }

    public async Task StatusAsync(HttpContext context)
    {
        var active = await daemon
            .Registry.Ask<AgentRegistryProtocol.ActiveAgents>(AgentRegistryProtocol.GetActiveAgents.Instance, DaemonContext.AnswerLimit)
            .ConfigureAwait(false);
        var slots = await daemon.Actors.SlotsAsync().ConfigureAwait(false);
        var turns = await daemon.Ledger.OpenTurnsAsync().ConfigureAwait(false);
        var document = new StatusDocument(
            DaemonContext.Version,
            Environment.ProcessId,
            daemon.StartedAt,
            (daemon.Time.GetUtcNow() - daemon.StartedAt).TotalSeconds,
            daemon.Profile,
            daemon.Settings.Api.Socket,
            daemon.IsReady,
            daemon.Readers,
            active.Agents.Length,
            new OpenTurnsDocument(turns.Queued, turns.Running),
            new SlotsDocument(slots.Limit, slots.Held.Length, slots.Waiting.Length),
            await MoleculeEndpoints.FindAsync(daemon.Inbox).ConfigureAwait(false)
        );
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.StatusDocument).ConfigureAwait(false);
    }
}
