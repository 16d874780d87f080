using Microsoft.AspNetCore.Http;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Approvals;

/// <summary>Lists the questions of codex and answers them.</summary>
internal sealed class ApprovalEndpoints(DaemonContext daemon)
{
    public async Task ListAsync(HttpContext context)
    {
        var (turn, agent) = (ApiRequest.QueryTurn(context, "turn"), ApiRequest.QueryAgent(context, "agent"));
        var pending = await daemon.Approvals.PendingAsync(turn).ConfigureAwait(false);
        var document = new ApprovalsDocument([
            .. pending.Where(asked => agent is null || asked.AgentId == agent).Select(ApprovalDocument.Of),
        ]);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.ApprovalsDocument).ConfigureAwait(false);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var turn = ApiRequest.Turn(context);
        var text = context.Request.RouteValues["approval"] as string ?? "";
        ThrowIfOfTurn(context);
        ApprovalAnswer answer;
        using (var body = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false))
        {
            answer = ApprovalBody.Read(body?.RootElement);
        }

        if (answer.Decision == ApprovalDecision.Cancel)
        {
            ApiCaller.Require(context, AccessScopes.Cancel);
        }

        if (!ApprovalId.TryParse(text, out var id))
        {
            throw new ProblemException(ApprovalProblems.Unknown(turn, text));
        }

        // A client that goes away has still answered.
        var by = AnswererOf(context);
        var receipt = await daemon.Gateway.AnswerAsync(turn, id, answer, by).ConfigureAwait(false)
            ?? throw new ProblemException(Problem.UnknownTurn(turn));
        if (receipt.Outcome == ApprovalOutcome.NotAtHand)
        {
            throw new ProblemException(await WhyNotAtHandAsync(turn).ConfigureAwait(false));
        }

        if (receipt.Outcome != ApprovalOutcome.Taken && !IsRepeated(receipt, answer, by))
        {
            throw new ProblemException(ApprovalProblems.Of(receipt, turn, id));
        }

        AuditedAction.Of(context)?.End(answer.Decision.ToWireName());
        var document = new ApprovalAnsweredDocument(turn.Value, id.Value, answer.Decision.ToWireName(), receipt.By!);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.ApprovalAnsweredDocument).ConfigureAwait(false);
    }

    // A client whose connection broke says the same again. Of words it is not known whether they are the same.
    private static bool IsRepeated(ApprovalReceipt receipt, ApprovalAnswer answer, string by) =>
        receipt.Outcome == ApprovalOutcome.AnsweredBefore
        && receipt.By == by
        && receipt.Decision == answer.Decision
        && answer.Content is null;

    private async Task<Problem> WhyNotAtHandAsync(TurnId turn) =>
        await daemon.Gateway.FindAsync(turn).ConfigureAwait(false) switch
        {
            { Owner: var owner } when CommandOwner.ProcessOf(owner) is { IsRunning: true } process => Problem.OfCommand(turn, process),
            { State: TurnState.Running } => Problem.StillRecovering(turn),
            _ => ApprovalProblems.NotRunning(turn),
        };

    private static string AnswererOf(HttpContext context) =>
        ApiCaller.Of(context).Token is { } token && token != OwnerToken.Name ? ApprovalAnswerers.OfToken(token) : ApprovalAnswerers.Owner;

    // With api.turns-may-call, a command of a model could allow itself what it was to ask for.
    private static void ThrowIfOfTurn(HttpContext context)
    {
        if (context.Features.Get<OwnersConnection>() is { } connection && connection.Submitter != Submitter.Owner)
        {
            throw new ProblemException(ApprovalProblems.OfTurn);
        }
    }
}
