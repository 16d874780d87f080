using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Api.Steering;

/// <summary>Adds a text to a turn that runs.</summary>
internal sealed class SteerEndpoint(DaemonContext daemon)
{
    private const string TextField = "text";

    public async Task SteerAsync(HttpContext context)
    {
        var turn = ApiRequest.Turn(context);
        string text;
        using (var body = await ApiRequest.SmallObjectAsync(context, daemon.Settings.Api).ConfigureAwait(false))
        {
            text = TextOf(body?.RootElement);
        }

        var entry = await daemon.Gateway.FindAsync(turn).ConfigureAwait(false) ?? throw new ProblemException(Problem.UnknownTurn(turn));
        if (entry.State == TurnState.Ended)
        {
            throw new ProblemException(SteerProblems.NotRunning(turn));
        }

        // A client that goes away has still said it.
        var answer = await daemon
            .Gateway.SteerAsync(entry.AgentId, turn, text, NameOf(context), ApiRequest.SubmitterOf(context))
            .ConfigureAwait(false);
        if (answer.Outcome != SteerOutcome.Accepted)
        {
            throw new ProblemException(SteerProblems.Of(answer, entry));
        }

        AuditedAction.Of(context)?.End("accepted");
        var document = new SteerDocument(turn.Value, SteerResult.Accepted);
        await ApiResponse.WriteAsync(context, document, ApiJson.Default.SteerDocument).ConfigureAwait(false);
    }

    private static string NameOf(HttpContext context) =>
        context.Features.Get<OwnersConnection>() is { Submitter: not Submitter.Owner } ? ApprovalAnswerers.Turn
        : ApiCaller.Of(context).Token is { } token && token != OwnerToken.Name ? ApprovalAnswerers.OfToken(token)
        : ApprovalAnswerers.Owner;

    // The body is {text}.
    private static string TextOf(JsonElement? body)
    {
        if (body is not { } root || !root.TryGetProperty(TextField, out var value) || value.ValueKind != JsonValueKind.String)
        {
            throw Bad("text: must be a string.");
        }

        var unknown = root.EnumerateObject().Select(field => field.Name).Where(name => name != TextField).ToList();
        if (unknown.Count > 0)
        {
            throw Bad($"{unknown[0]}: is unknown; the body has only text.");
        }

        var text = value.GetString()!;
        return string.IsNullOrWhiteSpace(text) ? throw Bad("text: must not be empty.")
            : text.Length > Prompt.MaxCharacters && text.EnumerateRunes().Count() > Prompt.MaxCharacters
                ? throw new ProblemException(SteerProblems.TooLong)
            : text;
    }

    private static ProblemException Bad(string error) => new(Problem.BadBody([error]));
}
