using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Http;

/// <summary>Why a request was not carried out: the problem document's content and the response's headers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A code for programs.</param>
/// <param name="Title">The kind of problem.</param>
/// <param name="Detail">What happened, to what, and what to do.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>The errors in the body.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>After how many seconds to retry; null if retrying does not help.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The id to search the log for.</summary>
    public string? LogId { get; init; }

    public static Problem BadBody(ImmutableArray<string> errors) =>
        new(
            400,
            "bad_request_body",
            "The body is invalid",
            errors.Length == 1
                ? errors[0]
                : $"The body has {errors.Length.ToString(CultureInfo.InvariantCulture)} errors, listed in errors."
        )
        {
            Errors = errors,
        };

    public static Problem TooManyElements(int max) =>
        new(
            413,
            "too_many_elements",
            "The body has too many elements",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The body has more than {max} JSON values (api.max-body-elements); leave out what is not needed, or raise the setting."
            )
        );

    public static Problem HostRefused { get; } =
        new(
            403,
            "host_refused",
            "The Host header is not allowed",
            "The Host header does not name this machine (possible DNS rebinding); use 127.0.0.1 or localhost."
        );

    public static Problem Unauthorized { get; } =
        new(
            401,
            "unauthorized",
            "The token is missing or wrong",
            "Requests over TCP need the header Authorization: Bearer TOKEN, with a token of \"plexum-codex token create\" that was not "
                + "revoked, or with the one from the file that api.token-file names. The unix socket needs no token."
        );

    public static Problem TokenExpired(AccessToken token) =>
        new(
            401,
            "token_expired",
            "The token has expired",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The token {token.Name} expired at {token.ExpiresAt:u}; create another with \"plexum-codex token create\"."
            )
        );

    public static Problem ScopeMissing(Caller caller, AccessScopes scope)
    {
        var needed = string.Join(", ", AccessScopeNames.NamesOf(scope));
        return new(
            403,
            "scope_missing",
            "The token does not allow this",
            $"This request needs the scope {needed}; the token {caller.Token} has only "
                + $"{string.Join(", ", AccessScopeNames.NamesOf(caller.Scopes))}. Create one that has it with "
                + $"\"plexum-codex token create NAME --scope {needed}\"."
        );
    }

    public static Problem BadAgentId(string? text) =>
        new(
            400,
            "bad_agent_id",
            "The agent id is invalid",
            $"\"{text}\" is not an agent id: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"."
        );

    public static Problem BadTurnId(string? text) =>
        new(
            400,
            "bad_turn_id",
            "The turn id is invalid",
            $"\"{text}\" is not a turn id; use the turn_id from the response to a submitted turn."
        );

    public static Problem BadQuery(string detail) => new(400, "bad_query", "A query parameter is invalid", detail);

    public static Problem BadLastEventId(string detail) => new(400, "bad_last_event_id", "The Last-Event-ID header is invalid", detail);

    public static Problem UnknownAgent(AgentId agent) =>
        new(
            404,
            "unknown_agent",
            "Unknown agent",
            $"The agent {agent} has never had a turn; an agent becomes known with its first one. GET /v1/agents lists all known agents."
        );

    public static Problem NoInbox { get; } =
        new(
            404,
            "no_inbox",
            "There is no molecule inbox",
            "This daemon does not answer a workspace of the molecule platform; start it with \"plexum-codex molecule\", "
                + "or set molecule.enabled to on."
        );

    public static Problem UnknownTurn(TurnId turn) =>
        new(
            404,
            "unknown_turn",
            "Unknown turn",
            $"The turn {turn} does not exist, or was deleted because of its age; GET /v1/turns lists all known turns."
        );

    public static Problem UnknownToolCall(TurnId turn, string call) =>
        new(
            404,
            "unknown_tool_call",
            "No such call is pending",
            $"The turn {turn} has no pending call \"{call}\": the call was already answered or timed out, or the turn has ended."
        );

    public static Problem EventsRemoved(TurnId turn) =>
        new(
            410,
            "turn_files_removed",
            "The turn's events were removed",
            $"Retention removed the files of the turn {turn}; GET /v1/turns/{turn} still says how it ended."
        );

    public static Problem StillRecovering(TurnId turn) =>
        new(
            409,
            "turn_not_at_hand",
            "The turn is still being recovered",
            $"The daemon has just started, or a command that ran the turn was killed, and the turn {turn} is still being recovered; "
                + "try again in a moment."
        )
        {
            RetryAfter = 1,
        };

    public static Problem OfCommand(TurnId turn, ProcessIdentity owner) =>
        new(
            409,
            "turn_of_command",
            "A command runs the turn by itself",
            $"The turn {turn} is run by a say that was started while there was no daemon, {owner}. Press Ctrl-C there, or cancel it with "
                + string.Create(CultureInfo.InvariantCulture, $"\"kill -INT {owner.Pid}\".")
        );

    public static Problem ShuttingDown { get; } =
        new(
            503,
            "shutting_down",
            "The daemon is stopping",
            "The daemon is stopping and accepts no more turns; send the request again once it is back."
        )
        {
            RetryAfter = 2,
        };

    public static Problem NotReady { get; } =
        new(503, "starting", "The daemon is starting", "The daemon is recovering the turns of its last run; try again in a moment.")
        {
            RetryAfter = 1,
        };

    public static Problem NoAnswer { get; } =
        new(
            503,
            "busy",
            "The agent did not respond",
            "The agent did not respond in time. The request may have been carried out; "
                + "with the same idempotency_key it is safe to send it again."
        )
        {
            RetryAfter = 5,
        };

    public static Problem ProfileUnwritable(string detail) =>
        new(
            503,
            "profile_unwritable",
            "The profile cannot be written",
            $"{detail} Free some space or make it writable; until then no turn is accepted."
        )
        {
            RetryAfter = 30,
        };

    public static Problem LedgerUnavailable(string detail) =>
        new(503, "ledger_unavailable", "The ledger is unavailable", detail) { RetryAfter = 5 };

    /// <summary>The problem of a turn that was not accepted.</summary>
    public static Problem Of(Submission answer) =>
        answer switch
        {
            Submission.Refused refused => Of(refused.Refusal),
            Submission.NotOpen closed => Of(closed.State),
            _ => NoAnswer,
        };

    /// <summary>The problem of a daemon that accepts nothing for now.</summary>
    public static Problem Of(GatewayState state) => state == GatewayState.ShuttingDown ? ShuttingDown : NotReady;

    /// <summary>The problem of a turn that was refused.</summary>
    public static Problem Of(TurnRefusal refusal) =>
        refusal.Code switch
        {
            "queue_full" => new(429, refusal.Code, "The agent's queue is full", refusal.Message) { RetryAfter = 5 },
            "ledger_unavailable" => LedgerUnavailable(refusal.Message),
            "workspace_unknown" => new(503, refusal.Code, "The workspace could not be checked", refusal.Message) { RetryAfter = 5 },
            "idempotency_key_reused" => new(409, refusal.Code, "The idempotency key was used for another request", refusal.Message),
            _ => new(422, refusal.Code, "The turn was refused", refusal.Message),
        };

    /// <summary>The problem of a consume that was refused or failed.</summary>
    public static Problem Of(ConsumeFailure failure) =>
        failure.Reason switch
        {
            ConsumeFailureReason.BadWorkspace or ConsumeFailureReason.WorkspaceNotAllowed => new(
                422,
                failure.Code,
                "The consume was refused",
                failure.Message
            ),
            ConsumeFailureReason.QueueFull => new(429, failure.Code, "The agent's queue is full", failure.Message) { RetryAfter = 5 },
            _ => new(409, failure.Code, "The consume was not carried out", failure.Message) { RetryAfter = 5 },
        };

    /// <summary>The problem for a status that the server itself has set.</summary>
    public static Problem OfStatus(int status, string? detail = null) =>
        status switch
        {
            404 => new(404, "unknown_path", "Unknown path", "This path does not exist; GET /openapi.json lists all paths."),
            405 => new(
                405,
                "method_not_allowed",
                "The method is not allowed",
                "This path does not support the method; the Allow header lists those it supports."
            ),
            408 => new(408, "request_timeout", "The body arrived too slowly", "The body did not arrive in time; send the request again."),
            413 => new(
                413,
                "body_too_large",
                "The body is too large",
                "The body is larger than api.max-body; put the long part into a file in the workspace and name the file, "
                    + "or raise api.max-body."
            ),
            415 => new(
                415,
                "unsupported_media_type",
                "The body must be JSON",
                "Send the body as JSON, with the header Content-Type: application/json."
            ),
            _ => new(
                status,
                "bad_request",
                "The request is invalid",
                detail ?? "The request is not valid HTTP; check its headers and body."
            ),
        };

    public static Problem Internal(string logId) =>
        new(500, "internal_error", "The daemon failed", $"The daemon failed to carry out the request; search its log for {logId}.")
        {
            LogId = logId,
        };

    /// <summary>Writes the problem as the response.</summary>
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
            $"urn:plexum-codex:problem:{Code}",
            Title,
            Status,
            Code,
            Detail,
            Errors.IsEmpty ? null : [.. Errors.Select(Error)],
            LogId
        );
        await JsonSerializer
            .SerializeAsync(response.BodyWriter, document, ApiJson.Default.ProblemDocument, context.RequestAborted)
            .ConfigureAwait(false);
    }

    // An error names its place, as in "messages[0].role: must be …", unless it is about the whole body: "The document is …".
    private static ProblemErrorDocument Error(string sentence)
    {
        var colon = sentence.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 || sentence.AsSpan(0, colon).Contains(' ')
            ? new ProblemErrorDocument("$", sentence)
            : new ProblemErrorDocument($"$.{sentence[..colon]}", sentence[(colon + 2)..]);
    }
}
