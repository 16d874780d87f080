using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>The endpoints for agents and their usage.</summary>
internal sealed class AgentEndpoints(DaemonContext daemon)
{
    private const int DefaultDays = 30;
    private const int MaxDays = 3660;

    private readonly AgentThreads _threads = new(daemon.Profile, daemon.Time, daemon.Settings);

    public async Task ListAsync(HttpContext context)
    {
        var document = await new LedgerPages(daemon.Ledger, _threads)
            .AgentsAsync(ApiRequest.QueryAgent(context, "after"), ApiRequest.Limit(context))
            .ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.AgentsDocument).ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext context)
    {
        var id = ApiRequest.Agent(context);
        var agent = await daemon.Ledger.FindAgentAsync(id).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownAgent(id));
        var document = await FileWork.Run(() => _threads.Describe(agent)).ConfigureAwait(false);

        // Do not load an idle agent just to report that it is idle.
        if (agent.Queued + agent.Running == 0)
        {
            document = document with { State = AgentPhase.Idle, QueuedTurns = [] };
        }
        else
        {
            var snapshot = await daemon
                .Registry.Ask<AgentProtocol.AgentSnapshot>(new AgentProtocol.GetAgent(id), DaemonContext.AnswerLimit)
                .ConfigureAwait(false);
            document = document with
            {
                State = snapshot.Phase,
                RunningTurn = snapshot.RunningTurn?.Value,
                QueuedTurns = [.. snapshot.QueuedTurns.Select(turn => turn.Value)],
            };
        }

        await ApiResponse.WriteAsync(context, document, ApiJson.Default.AgentDocument).ConfigureAwait(false);
    }

    public async Task UsageAsync(HttpContext context)
    {
        var agent = ApiRequest.QueryAgent(context, "agent");
        var to = ApiRequest.Day(context, "to") ?? DateOnly.FromDateTime(daemon.Time.GetUtcNow().UtcDateTime);
        var from = ApiRequest.Day(context, "from") ?? DateOnly.FromDayNumber(Math.Max(0, to.DayNumber - DefaultDays + 1));
        if (from > to || to.DayNumber - from.DayNumber >= MaxDays)
        {
            throw new ProblemException(
                Problem.BadQuery(
                    $"The range from {from:yyyy-MM-dd} to {to:yyyy-MM-dd} is invalid: from must not be after to, "
                        + $"and the range may span at most {MaxDays} days."
                )
            );
        }

        var document = await new LedgerPages(daemon.Ledger, _threads).UsageAsync(agent, from, to).ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.UsageDocument).ConfigureAwait(false);
    }
}
