using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>Submits turns, shows them, streams their events and cancels them.</summary>
internal sealed class TurnEndpoints(DaemonContext daemon)
{
    public async Task SubmitAsync(HttpContext context)
    {
        var agent = ApiRequest.Agent(context);
        var wantsEvents = ApiRequest.WantsEvents(context);
        if (wantsEvents)
        {
            ApiCaller.Require(context, AccessScopes.Read);
            _ = ApiRequest.WantsTypesAsNames(context);
        }

        ThrowUnlessOpen();
        await ThrowIfUnwritableAsync(context).ConfigureAwait(false);
        var body = await ApiRequest.BodyAsync(context, daemon.Settings.Api).ConfigureAwait(false);
        var reading = TurnRequestJson.Read(agent, body);
        var request = reading.Request ?? throw new ProblemException(Problem.BadBody(reading.Problems));
        ThrowIfTooMuch(request);
        var submission = new TurnSubmission(request, ApiRequest.SubmitterOf(context), reading.IdempotencyKey);

        // A client that goes away has still submitted the turn.
        var answer = await daemon.Gateway.SubmitAsync(submission).ConfigureAwait(false);
        if (answer is not Submission.Accepted { TurnId: var turn } accepted)
        {
            throw new ProblemException(Problem.Of(answer));
        }

        AuditedAction.Of(context)?.End("accepted", turn.Value);
        context.Response.Headers.Location = $"/v1/turns/{turn}";
        if (wantsEvents)
        {
            context.Response.Headers["Turn-Id"] = turn.Value;
            await new TurnEventStream(daemon, turn, 0).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var warnings = accepted.Warning is { } warning ? reading.Warnings.Add(warning) : reading.Warnings;
        var document = new AcceptedDocument(turn.Value, agent.Value, accepted.Position, warnings.IsEmpty ? null : warnings);
        await ApiResponse
            .WriteAsync(context, document, ApiJson.Default.AcceptedDocument, StatusCodes.Status202Accepted)
            .ConfigureAwait(false);
    }

    public async Task GetAsync(HttpContext context)
    {
        var turn = await FindAsync(ApiRequest.Turn(context)).ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, TurnDocument.Of(turn), ApiJson.Default.TurnDocument).ConfigureAwait(false);
    }

    public async Task ListAsync(HttpContext context)
    {
        var state = ApiRequest.Query(context, "state") is { } text
            ? TurnStateNames.TryParse(text, out var named)
                ? named
                : throw new ProblemException(Problem.BadQuery("The parameter state must be queued, running or ended."))
            : (TurnState?)null;
        var filter = new TurnFilter(
            ApiRequest.QueryAgent(context, "agent"),
            state,
            ApiRequest.Number(context, "before", 1, long.MaxValue),
            null,
            ApiRequest.Limit(context)
        )
        {
            Prefix = ApiRequest.QueryTurn(context, "prefix")?.Value,
        };
        var document = await new LedgerPages(daemon.Ledger, new AgentThreads(daemon.Profile, daemon.Time))
            .TurnsAsync(filter, TurnDocument.Of)
            .ConfigureAwait(false);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.TurnsDocument).ConfigureAwait(false);
    }

    public Task EventsAsync(HttpContext context) =>
        new TurnEventStream(daemon, ApiRequest.Turn(context), ApiRequest.LastEvent(context)).WriteAsync(context);

    public async Task CancelAsync(HttpContext context)
    {
        var turn = ApiRequest.Turn(context);
        bool force;
        using (var body = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false))
        {
            force = Force(body);
        }

        // A client that goes away has still cancelled the turn.
        var outcome = await daemon.Gateway.CancelAsync(turn, force).ConfigureAwait(false) switch
        {
            CancelAnswer.Ended => CancelResult.Ended,
            CancelAnswer.Dequeued => CancelResult.Dequeued,
            CancelAnswer.Stopping => CancelResult.Stopping,
            CancelAnswer.Killed => CancelResult.Killed,
            CancelAnswer.Ending => CancelResult.Ending,
            CancelAnswer.NotCurrent => throw new ProblemException(await WhyNotAtHandAsync(turn).ConfigureAwait(false)),
            CancelAnswer.NoAnswer => throw new ProblemException(Problem.NoAnswer),
            _ => throw new ProblemException(Problem.UnknownTurn(turn)),
        };
        AuditedAction.Of(context)?.End(outcome.ToString().ToLowerInvariant());
        var document = new CancelDocument(turn.Value, outcome);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.CancelDocument).ConfigureAwait(false);
    }

    private async Task<TurnEntry> FindAsync(TurnId turn) =>
        await daemon.Gateway.FindAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));

    // What a command that was killed has left is taken over in a moment.
    private async Task<Problem> WhyNotAtHandAsync(TurnId turn)
    {
        var owner = CommandOwner.ProcessOf((await FindAsync(turn).ConfigureAwait(false)).Owner);
        return owner is { IsRunning: true } ? Problem.OfCommand(turn, owner) : Problem.StillRecovering(turn);
    }

    // The gateway asks again after the body; this spares a client that cannot be served the sending of a large one.
    private void ThrowUnlessOpen()
    {
        if (daemon.State is not GatewayState.Open and var state)
        {
            throw new ProblemException(Problem.Of(state));
        }
    }

    // A turn whose events cannot be written would only fail.
    private async Task ThrowIfUnwritableAsync(HttpContext context)
    {
        if (await daemon.Health.WhyUnwritableAsync(context.RequestAborted).ConfigureAwait(false) is { } why)
        {
            throw new ProblemException(Problem.ProfileUnwritable(why));
        }
    }

    // A client may restrict its turn further; what is allowed at most is the owner's to say.
    private void ThrowIfTooMuch(TurnRequest request)
    {
        if (RequestLimits.WhyNot(request, daemon.Settings.Agents) is { } refusal)
        {
            throw new ProblemException(Problem.Of(refusal));
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
