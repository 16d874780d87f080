using System.Globalization;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>A failure of the service: a status instead of an answer, or a failure inside the stream.</summary>
public sealed class ModelFailure
{
    private ModelFailure(int? status, JsonObject error, params (string Name, string Value)[] headers)
    {
        Status = status;
        Error = error;
        Headers = headers;
    }

    /// <summary>The status of the HTTP response; null for a failure inside the stream.</summary>
    public int? Status { get; }

    internal JsonObject Error { get; }

    internal IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>400: the request is invalid. codex shows the body and does not retry.</summary>
    public static ModelFailure BadRequest(string message = "The request is not valid.") =>
        new(400, ErrorOf("invalid_request_error", "invalid_value", message));

    /// <summary>401: the key is missing or wrong.</summary>
    public static ModelFailure Unauthorized(string message = "Incorrect API key provided.") =>
        new(401, ErrorOf("invalid_request_error", "invalid_api_key", message));

    /// <summary>429 for an exhausted plan, with the time of its reset in body and headers.</summary>
    public static ModelFailure UsageLimit(DateTimeOffset resetsAt, string plan = "plus")
    {
        var seconds = resetsAt.ToUnixTimeSeconds();
        var error = ErrorOf("usage_limit_reached", null, "The usage limit has been reached");
        error["plan_type"] = plan;
        error["resets_at"] = seconds;
        return new(
            429,
            error,
            ("x-codex-primary-used-percent", "100"),
            ("x-codex-primary-window-minutes", "300"),
            ("x-codex-primary-reset-at", seconds.ToString(CultureInfo.InvariantCulture)),
            ("x-codex-secondary-used-percent", "40"),
            ("x-codex-secondary-window-minutes", "10080"),
            ("x-codex-secondary-reset-at", (seconds + 86_400).ToString(CultureInfo.InvariantCulture))
        );
    }

    /// <summary>429 for too many requests.</summary>
    public static ModelFailure RateLimited() =>
        new(429, ErrorOf("rate_limit_error", "rate_limit_exceeded", "Rate limit reached for requests."), ("retry-after", "1"));

    /// <summary>5xx: the service itself fails.</summary>
    public static ModelFailure ServerError(int status = 500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 500);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return new(status, ErrorOf("server_error", "server_error", "The server had an error while processing your request."));
    }

    /// <summary>Inside the stream: the conversation is longer than the model's context window.</summary>
    public static ModelFailure ContextWindowExceeded() =>
        InStream("context_length_exceeded", "Your input exceeds the context window of this model.");

    /// <summary>Inside the stream: no credit is left.</summary>
    public static ModelFailure QuotaExceeded() =>
        InStream("insufficient_quota", "You exceeded your current quota, please check your plan and billing details.");

    /// <summary>Inside the stream: <c>response.failed</c> with any code and message.</summary>
    public static ModelFailure InStream(string code, string message) => new(null, ErrorOf(null, code, message));

    private static JsonObject ErrorOf(string? type, string? code, string message) =>
        new()
        {
            ["type"] = type,
            ["code"] = code,
            ["message"] = message,
            ["param"] = null,
        };
}
