using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Agents;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>Why a request was not carried out: what a problem document says, and what its response needs beside it.</summary>
/// <param name="Status">The status of the response.</param>
/// <param name="Code">A word for programs.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What happened, to what, and what to do.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>What is wrong with the body.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>After how many seconds the request may succeed; null where waiting does not help.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What to look for in the log.</summary>
    public string? LogId { get; init; }

    public static Problem BadBody(ImmutableArray<string> errors) => new(
        400, "bad_request_body", "The body cannot be understood", errors.Length == 1 ? errors[0] : $"{errors.Length.ToString(CultureInfo.InvariantCulture)} things are wrong with the body; errors lists them.")
    {
        Errors = errors,
    };

    public static Problem BadAgentId(string? text) => new(
        400, "bad_agent_id", "No agent id", $"\"{text}\" is no agent id: take 1 to 64 letters, digits, dots, underscores or dashes, without \"..\".");

    public static Problem BadTurnId(string? text) => new(
        400, "bad_turn_id", "No turn id", $"\"{text}\" is no turn id; it is what the answer to a new turn has as turn_id.");

    public static Problem BadQuery(string detail) => new(400, "bad_query", "A parameter cannot be understood", detail);

    public static Problem BadLastEventId(string detail) => new(400, "bad_last_event_id", "No number of an event", detail);

    public static Problem UnknownAgent(AgentId agent) => new(
        404, "unknown_agent", "Unknown agent", $"The agent {agent} never had a turn; GET /v1/agents lists those that had, and its first turn makes one known.");

    public static Problem NoInbox { get; } = new(
        404, "no_inbox", "No inbox is answered", "This daemon answers no workspace of the molecule platform; start it with \"plexum-codex molecule\", or set molecule.enabled to on.");

    public static Problem UnknownTurn(TurnId turn) => new(
        404, "unknown_turn", "Unknown turn", $"There is no turn {turn}, or it is so old that it was forgotten; GET /v1/turns lists those that are known.");

    public static Problem UnknownToolCall(TurnId turn, string call) => new(
        404, "unknown_tool_call", "No such call waits", $"The turn {turn} has no call \"{call}\" that waits: it was answered already, its time is over, or the turn is.");

    public static Problem EventsRemoved(TurnId turn) => new(
        410, "turn_files_removed", "The events are gone", $"The files of the turn {turn} were removed to make room; GET /v1/turns/{turn} still says how it ended.");

    public static Problem NotAtHand(TurnId turn) => new(
        409, "turn_not_at_hand", "The turn is not at hand", $"The turn {turn} is not over and its agent does not have it yet: the daemon is taking it up after a start. Try again in a moment.")
    {
        RetryAfter = 1,
    };

    public static Problem ShuttingDown { get; } = new(
        503, "shutting_down", "The daemon stops", "The daemon is stopping and takes no more turns; send this one again once it is back.") { RetryAfter = 2 };

    public static Problem NotReady { get; } = new(
        503, "starting", "The daemon starts", "The daemon is taking up the turns of its last run; try again in a moment.") { RetryAfter = 1 };

    public static Problem NoAnswer { get; } = new(
        503, "busy", "The agent does not answer",
        "The agent did not answer in time. The request may have been carried out all the same; with the same idempotency_key it can be sent again safely.") { RetryAfter = 5 };

    public static Problem LedgerUnavailable(string detail) => new(503, "ledger_unavailable", "The ledger cannot be used", detail) { RetryAfter = 5 };

    /// <summary>The problem of a turn that was not accepted.</summary>
    public static Problem Of(Submission answer) => answer switch
    {
        Submission.Refused refused => Of(refused.Refusal),
        Submission.NotOpen closed => Of(closed.State),
        _ => NoAnswer,
    };

    /// <summary>The problem of a daemon that accepts nothing for now.</summary>
    public static Problem Of(GatewayState state) => state == GatewayState.ShuttingDown ? ShuttingDown : NotReady;

    /// <summary>The problem of a turn that was refused.</summary>
    public static Problem Of(TurnRefusal refusal) => refusal.Code switch
    {
        "queue_full" => new(429, refusal.Code, "The agent's queue is full", refusal.Message) { RetryAfter = 5 },
        "ledger_unavailable" => LedgerUnavailable(refusal.Message),
        "idempotency_key_reused" => new(409, refusal.Code, "The key was used for another request", refusal.Message),
        _ => new(422, refusal.Code, "The turn was refused", refusal.Message),
    };

    /// <summary>The problem of a consume that was not carried out.</summary>
    public static Problem Of(ConsumeFailure failure) => failure.Reason switch
    {
        ConsumeFailureReason.BadWorkspace => new(422, failure.Code, "The consume was refused", failure.Message),
        ConsumeFailureReason.QueueFull => new(429, failure.Code, "The agent's queue is full", failure.Message) { RetryAfter = 5 },
        _ => new(409, failure.Code, "The consume was not carried out", failure.Message) { RetryAfter = 5 },
    };

    /// <summary>The problem that belongs to a status that the server itself has set.</summary>
    public static Problem OfStatus(int status, string? detail = null) => status switch
    {
        404 => new(404, "unknown_path", "Nothing is here", "This path is none of the daemon's; GET /openapi.json lists all that there are."),
        405 => new(405, "method_not_allowed", "Another method is needed", "This path is not asked with this method; the header Allow says with which, and GET /openapi.json with what."),
        408 => new(408, "request_timeout", "The body came too slowly", "The body did not come in time; send the request again."),
        413 => new(413, "body_too_large", "The body is too large", "The body is larger than the daemon takes; put the long part into a file of the workspace and name the file, or raise api.max-body."),
        415 => new(415, "unsupported_media_type", "The body must be JSON", "Send the body as JSON, with the header Content-Type: application/json."),
        _ => new(status, "bad_request", "The request cannot be understood", detail ?? "The request is no proper HTTP; check its headers and its body."),
    };

    public static Problem Internal(string logId) => new(
        500, "internal_error", "The daemon failed", $"The daemon failed to carry out the request; its log says more at {logId}.") { LogId = logId };

    /// <summary>Answers with the problem.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ProblemDocument.ContentType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var document = new ProblemDocument(
            $"urn:plexum-codex:problem:{Code}", Title, Status, Code, Detail, Errors.IsEmpty ? null : [.. Errors.Select(Error)], LogId);
        await JsonSerializer.SerializeAsync(response.BodyWriter, document, ApiJson.Default.ProblemDocument, context.RequestAborted).ConfigureAwait(false);
    }

    // The reader of requests tells "messages[0].role: must be …" and, of the whole, "The document is …".
    private static ProblemErrorDocument Error(string sentence)
    {
        var colon = sentence.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 || sentence.AsSpan(0, colon).Contains(' ')
            ? new ProblemErrorDocument("$", sentence)
            : new ProblemErrorDocument($"$.{sentence[..colon]}", sentence[(colon + 2)..]);
    }
}
