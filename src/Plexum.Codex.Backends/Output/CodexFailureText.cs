using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

/// <summary>Classifies failures by codex's text.</summary>
internal static class CodexFailureText
{
    private const int MaxMessageCharacters = 4096;
    private const string NewThreadAdvice = "Begin a new thread, with say --new-thread or with new_thread in a request.";

    private static readonly Rule[] Rules =
    [
        new(
            "usage_limit_exceeded",
            TurnErrorClass.UsageLimit,
            true,
            "Wait until the limit resets, or use another account.",
            "usage limit",
            "usage_limit"
        ),
        new(
            "quota_exceeded",
            TurnErrorClass.UsageLimit,
            false,
            "Raise the account's quota, or use another account.",
            "Quota exceeded",
            "insufficient_quota"
        ),
        new("context_window_exceeded", TurnErrorClass.ContextWindow, false, NewThreadAdvice, "context window", "context_length_exceeded"),
        new("thread_unknown", TurnErrorClass.Session, true, null, ResumeProblems.ThreadUnknownText),
        new("thread_busy", TurnErrorClass.Session, true, "End the other codex that has this thread open.", ResumeProblems.ThreadBusyText),
        new("history_unusable", TurnErrorClass.Session, false, NewThreadAdvice, "encrypted_content", "encrypted content"),
        new(
            "unauthorized",
            TurnErrorClass.Authentication,
            false,
            "Run codex login, or set the key that codex's provider expects.",
            "401 Unauthorized",
            "403 Forbidden",
            "not logged in",
            "refresh token",
            "invalid_api_key",
            "Incorrect API key"
        ),
        new("rate_limited", TurnErrorClass.RateLimit, true, null, "429 Too Many", "rate limit", "rate_limit"),
        new(
            "server_error",
            TurnErrorClass.ModelServer,
            true,
            null,
            "high demand",
            "overloaded",
            "unexpected status 5",
            "500 Internal",
            "502 Bad",
            "503 Service",
            "server_error"
        ),
        new(
            "bad_request",
            TurnErrorClass.Request,
            false,
            "Check the model's name and codex's configuration.",
            "invalid_request_error",
            "unexpected status 400",
            "400 Bad Request",
            "404 Not Found",
            "model_not_found",
            "is not supported when using"
        ),
        new(
            "connection_failed",
            TurnErrorClass.Network,
            true,
            null,
            "stream disconnected",
            "error sending request",
            "Connection failed",
            "connection refused",
            "waiting for network",
            "timed out"
        ),
        new("mcp_server_failed", TurnErrorClass.Tool, true, null, "MCP client", "MCP server", "required MCP"),
    ];

    /// <summary>
    /// Derives a failure from codex's text, the only source on stdout: the machine-readable class is only in the rollout (measured on
    /// 0.169.0).
    /// </summary>
    /// <param name="text">What codex said.</param>
    /// <param name="otherCode">The code for an unknown text.</param>
    /// <param name="otherClass">The class for an unknown text.</param>
    public static TurnFailure Of(string text, string otherCode, TurnErrorClass otherClass)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = Shorten(text.Trim());
        foreach (var rule in Rules)
        {
            if (rule.Matches(text))
            {
                var advice =
                    rule.Advice is null ? ""
                    : EndsSentence(shown) ? $" {rule.Advice}"
                    : $". {rule.Advice}";
                return new TurnFailure(rule.Code, shown + advice, rule.Class, rule.Retryable);
            }
        }

        return new TurnFailure(otherCode, shown, otherClass, false);
    }

    private static bool EndsSentence(string text) => text is [.., '.' or '!' or '?' or '}'];

    /// <summary>The text, cut at a few thousand characters.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaxMessageCharacters)
        {
            return text;
        }

        var length = char.IsHighSurrogate(text[MaxMessageCharacters - 1]) ? MaxMessageCharacters - 1 : MaxMessageCharacters;
        return new StringBuilder(text, 0, length, length + 32).Append(" [… cut]").ToString();
    }

    private sealed record Rule(string Code, TurnErrorClass Class, bool Retryable, string? Advice, params string[] Marks)
    {
        public bool Matches(string text) => Array.Exists(Marks, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));
    }
}
