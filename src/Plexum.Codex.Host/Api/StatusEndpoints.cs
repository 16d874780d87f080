using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Host.Api;

/// <summary>The endpoints for the daemon's status.</summary>
internal sealed class StatusEndpoints(DaemonContext daemon)
{
    private static readonly HealthDocument Ok = new("ok");

    /// <summary>Responds if the process is alive.</summary>
    public static Task HealthAsync(HttpContext context) => ApiResponse.WriteAsync(context, Ok, ApiJson.Default.HealthDocument);

    /// <summary>
    /// Responds once the daemon accepts turns: the turns of the last run are recovered, and profile and ledger can be written. It says so,
    /// or why not, after <see cref="DaemonHealth.Limit"/> at the latest.
    /// </summary>
    public async Task ReadyAsync(HttpContext context)
    {
        if (!daemon.IsReady || !daemon.Actors.Recovered.IsCompletedSuccessfully)
        {
            throw new ProblemException(daemon.IsClosing ? Problem.ShuttingDown : Problem.NotReady);
        }

        var (writing, flushing) = (
            daemon.Health.TryWriteAtTimesAsync(context.RequestAborted),
            daemon.Health.FlushLedgerAsync(context.RequestAborted)
        );
        await Task.WhenAll(writing, flushing).ConfigureAwait(false);
        if (await writing.ConfigureAwait(false) is { } unwritable)
        {
            throw new ProblemException(Problem.ProfileUnwritable(unwritable));
        }

        if (await flushing.ConfigureAwait(false) is { } behind)
        {
            throw new ProblemException(Problem.LedgerUnavailable(behind));
        }

        await ApiResponse.WriteAsync(context, Ok, ApiJson.Default.HealthDocument).ConfigureAwait(false);
    }

    /// <summary>Has the daemon accept no more turns, and stop once none runs.</summary>
    public Task DrainAsync(HttpContext context)
    {
        daemon.WantDrain();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    public async Task StatusAsync(HttpContext context)
    {
        var active = await daemon
            .Registry.Ask<AgentRegistryProtocol.ActiveAgents>(AgentRegistryProtocol.GetActiveAgents.Instance, DaemonContext.AnswerLimit)
            .ConfigureAwait(false);
        var slots = await daemon.Actors.SlotsAsync().ConfigureAwait(false);
        var server = await AppServerStatus.FindAsync(daemon.Actors).ConfigureAwait(false);

        // A ledger on a file system that hangs must not keep the status from telling so.
        var turns = await daemon.Health.CountOpenTurnsAsync().ConfigureAwait(false);
        var standing = await ProblemsEndpoint.FindAsync(daemon).ConfigureAwait(false);
        var document = new StatusDocument(
            OwnVersion.Full,
            Environment.ProcessId,
            daemon.StartedAt,
            (daemon.Time.GetUtcNow() - daemon.StartedAt).TotalSeconds,
            daemon.Profile,
            daemon.Settings.Api.Socket,
            daemon.IsReady && !standing.Any(problem => ProblemKinds.RefusesTurns(problem.Kind)),
            daemon.Readers,
            active.Agents.Length,
            turns is null ? null : new OpenTurnsDocument(turns.Queued, turns.Running),
            SlotsOf(slots, server),
            await MoleculeEndpoints.FindAsync(daemon.Inbox).ConfigureAwait(false),
            ProblemsEndpoint.Describe(standing),
            server
        );
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.StatusDocument).ConfigureAwait(false);
    }

    // Both were asked one after the other, and a turn gives its slot back a moment after the server has ended it.
    internal static SlotsDocument SlotsOf(AdmissionProtocol.AdmissionSnapshot slots, AppServerDocument? server)
    {
        var used = slots.Held.Length;
        int? warm = server is null ? null : Math.Min(server.RunningTurns, used);
        return new SlotsDocument(slots.Limit, used, slots.Waiting.Length) { AppServer = warm, Exec = used - warm };
    }
}
