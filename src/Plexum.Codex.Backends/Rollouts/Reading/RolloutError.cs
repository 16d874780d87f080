using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// What codex's own record says about a turn's failure: <c>codex_error_info</c> (the variants of <c>CodexErrorInfo</c> in codex's
/// protocol crate, and the names in the binary of 0.169.0). It gives the kind of failure; codex's text says what happened.
/// </summary>
/// <param name="Name">The name, for example <c>usage_limit_exceeded</c>.</param>
/// <param name="HttpStatus">The HTTP status that the model's server returned, or 0.</param>
public sealed record RolloutError(string Name, int HttpStatus)
{
    /// <summary>
    /// Refines a failure that was derived from codex's text. If both agree on the class, the text's code is kept, because it can be
    /// more exact: an exhausted quota and a usage limit have the same name here.
    /// </summary>
    public TurnFailure Refine(TurnFailure failure) =>
        Known() is var (code, kind, retryable) && kind != failure.Class
            ? failure with
            {
                Code = code,
                Class = kind,
                Retryable = retryable,
            }
            : failure;

    // Null for "other" (a refused request or a dropped stream, measured on 0.169.0), for names of later versions, and for those that
    // do not end a turn (active_turn_not_steerable, thread_rollback_failed).
    private (string Code, TurnErrorClass Class, bool Retryable)? Known() =>
        Name switch
        {
            "context_window_exceeded" => (Name, TurnErrorClass.ContextWindow, false),
            "usage_limit_exceeded" => (Name, TurnErrorClass.UsageLimit, true),
            "session_budget_exceeded" => (Name, TurnErrorClass.UsageLimit, false),
            "rate_limit_exceeded" => ("rate_limited", TurnErrorClass.RateLimit, true),
            "server_overloaded" or "flex_unavailable" or "policy_capacity_unavailable" or "internal_server_error" => (
                "server_error",
                TurnErrorClass.ModelServer,
                true
            ),
            "unauthorized" => (Name, TurnErrorClass.Authentication, false),
            "bad_request" => (Name, TurnErrorClass.Request, false),
            "cyber_policy" or "bio_policy" or "misalignment_policy_violation" or "content_policy_violation" => (
                "policy_violation",
                TurnErrorClass.Request,
                false
            ),
            "sandbox_error" => (Name, TurnErrorClass.Process, false),
            "http_connection_failed"
            or "response_stream_connection_failed"
            or "response_stream_disconnected"
            or "response_too_many_failed_attempts" => OfStatus(),
            _ => null,
        };

    private (string Code, TurnErrorClass Class, bool Retryable) OfStatus() =>
        HttpStatus switch
        {
            401 or 403 => ("unauthorized", TurnErrorClass.Authentication, false),
            429 => ("rate_limited", TurnErrorClass.RateLimit, true),
            408 => ("connection_failed", TurnErrorClass.Network, true),
            >= 400 and < 500 => ("bad_request", TurnErrorClass.Request, false),
            >= 500 => ("server_error", TurnErrorClass.ModelServer, true),
            _ => ("connection_failed", TurnErrorClass.Network, true),
        };
}
