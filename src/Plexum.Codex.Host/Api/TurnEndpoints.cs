using System.Text.Json;
using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>Turns: submitting, looking at, reading, cancelling.</summary>
internal sealed class TurnEndpoints(DaemonContext daemon)
{
    public async Task SubmitAsync(HttpContext context)
    {
        var agent = ApiRequest.Agent(context);
        ThrowUnlessReady();
        var body = await ApiRequest.BodyAsync(context).ConfigureAwait(false);
        var reading = TurnRequestJson.Read(agent, body);
        var request = reading.Request ?? throw new ProblemException(Problem.BadBody(reading.Problems));
        if (request.Workspace is null)
        {
            request = request with { Workspace = new AgentDirectory(daemon.Profile, agent).DefaultWorkspace };
        }

        ThrowUnlessReady();
        var accepted = await SubmitAsync(new AgentProtocol.SubmitTurn(TurnId.New(daemon.Time), request, reading.IdempotencyKey, daemon.Actors.ToolCalls), context.RequestAborted).ConfigureAwait(false);
        var turn = accepted.TurnId;
        context.Response.Headers.Location = $"/v1/turns/{turn}";
        if (ApiRequest.WantsEvents(context))
        {
            context.Response.Headers["Turn-Id"] = turn.Value;
            await new TurnEventStream(daemon, await FindAsync(turn).ConfigureAwait(false), 0).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var document = new AcceptedDocument(turn.Value, agent.Value, accepted.Position, reading.Warnings.IsEmpty ? null : reading.Warnings);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.AcceptedDocument, StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext context)
    {
        var turn = await FindAsync(ApiRequest.Turn(context)).ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, TurnDocument.Of(turn), ApiJson.Default.TurnDocument).ConfigureAwait(false);
    }

    public async Task ListAsync(HttpContext context)
    {
        var state = ApiRequest.Query(context, "state") is { } text
            ? TurnStateNames.TryParse(text, out var named) ? named : throw new ProblemException(Problem.BadQuery("The parameter state must be queued, running or ended."))
            : (TurnState?)null;
        var limit = ApiRequest.Limit(context);
        var filter = new TurnFilter(
            ApiRequest.QueryAgent(context, "agent"), state, ApiRequest.Number(context, "before", 1, long.MaxValue), null, limit + 1);
        var turns = await daemon.Ledger.TurnsAsync(filter).ConfigureAwait(false);
        var page = turns.Take(limit).Select(TurnDocument.Of).ToArray();
        await ApiResponse.WriteAsync(
            context, new TurnsDocument([.. page], turns.Length > limit ? page[^1].Number : null), ApiJson.Default.TurnsDocument).ConfigureAwait(false);
    }

    public async Task EventsAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        var after = ApiRequest.LastEvent(context);
        var turn = await FindAsync(id).ConfigureAwait(false);
        if (turn.FilesRemoved)
        {
            throw new ProblemException(Problem.EventsRemoved(id));
        }

        if (after > 0 && turn.State == TurnState.Ended
            && await daemon.Logs.FindEndAsync(turn.AgentId, id).ConfigureAwait(false) is { HasEnd: true } end && after >= end.LastSeq)
        {
            // There is nothing more to come, which is what tells a client that comes back by itself to stop.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await new TurnEventStream(daemon, turn, after).WriteAsync(context).ConfigureAwait(false);
    }

    public async Task CancelAsync(HttpContext context)
    {
        var id = ApiRequest.Turn(context);
        bool force;
        using (var body = await ApiRequest.SmallObjectAsync(context).ConfigureAwait(false))
        {
            force = Force(body);
        }

        var turn = await FindAsync(id).ConfigureAwait(false);
        var outcome = turn.State == TurnState.Ended ? CancelResult.Ended : await CancelAsync(turn, force).ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, new CancelDocument(id.Value, outcome), ApiJson.Default.CancelDocument).ConfigureAwait(false);
    }

    private async Task<AgentProtocol.TurnAccepted> SubmitAsync(AgentProtocol.SubmitTurn command, CancellationToken cancellationToken) =>
        await daemon.Registry.Ask<AgentProtocol.IReply>(command, DaemonContext.AnswerLimit, cancellationToken).ConfigureAwait(false) switch
        {
            AgentProtocol.TurnAccepted accepted => accepted,
            AgentProtocol.TurnRejected rejected => throw new ProblemException(Problem.Of(rejected.Refusal)),
            var other => throw new InvalidOperationException($"The agent answered with a {other.GetType().Name}."),
        };

    private async Task<CancelResult> CancelAsync(TurnEntry turn, bool force)
    {
        var answer = await daemon.Registry.Ask<AgentProtocol.CancelAnswered>(
            new AgentProtocol.CancelTurn(turn.AgentId, turn.TurnId, force), DaemonContext.AnswerLimit).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case CancelOutcome.Dequeued: return CancelResult.Dequeued;
            case CancelOutcome.Stopping: return CancelResult.Stopping;
            case CancelOutcome.Killed: return CancelResult.Killed;
            case CancelOutcome.Ending: return CancelResult.Ending;
        }

        // It may have ended since it was looked up.
        await daemon.Ledger.FlushAsync().ConfigureAwait(false);
        return (await FindAsync(turn.TurnId).ConfigureAwait(false)).State == TurnState.Ended
            ? CancelResult.Ended
            : throw new ProblemException(Problem.NotAtHand(turn.TurnId));
    }

    private async Task<TurnEntry> FindAsync(TurnId turn) =>
        await daemon.Ledger.FindTurnAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));

    private void ThrowUnlessReady()
    {
        if (!daemon.IsReady)
        {
            throw new ProblemException(daemon.IsClosing ? Problem.ShuttingDown : Problem.NotReady);
        }
    }

    private static bool Force(JsonDocument? body)
    {
        if (body is null || !body.RootElement.TryGetProperty("force", out var force) || force.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        return force.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? force.GetBoolean()
            : throw new ProblemException(Problem.BadBody(["force: must be true or false."]));
    }
}
