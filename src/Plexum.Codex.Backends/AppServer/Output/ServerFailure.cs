using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Output;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// The failure of a turn in the server's words: <c>{"message":…,"codexErrorInfo":…}</c>. It gets the same code and class as exec's turn
/// with
/// the same text, whose rollout has the same <c>codex_error_info</c> in other letters.
/// </summary>
internal static class ServerFailure
{
    private const int HighestStatus = 999;

    /// <summary>The failure.</summary>
    /// <param name="error">The error of the turn; null if codex gave none.</param>
    public static TurnFailure Of(JsonElement? error)
    {
        var message = error?.TextOf("message") ?? "";
        if (message.Length == 0)
        {
            return new TurnFailure(
                "turn_failed",
                "codex reported that the turn failed and gave no reason. Run plexum-codex doctor.",
                TurnErrorClass.Process,
                Retryable: false
            );
        }

        var failure = CodexFailureText.Of(message, "turn_failed", TurnErrorClass.Process);
        return InfoOf(error)?.Refine(failure) ?? failure;
    }

    // A name alone, or a name with details: {"httpConnectionFailed":{"httpStatusCode":503}}.
    private static RolloutError? InfoOf(JsonElement? error)
    {
        if (error is not { ValueKind: JsonValueKind.Object } known || !known.TryGetProperty("codexErrorInfo", out var info))
        {
            return null;
        }

        return info.ValueKind switch
        {
            JsonValueKind.String => new RolloutError(SnakeCase.Of(JsonFields.Decode(info)), 0),
            JsonValueKind.Object => info.EnumerateObject()
                .Select(detail => new RolloutError(
                    SnakeCase.Of(detail.Name),
                    (int)Math.Clamp(detail.Value.CountOf("httpStatusCode"), 0, HighestStatus)
                ))
                .FirstOrDefault(),
            _ => null,
        };
    }

    /// <summary>The server died, or could not be reached any more, before the turn was over.</summary>
    /// <param name="reason">How it was lost, as a sentence.</param>
    /// <param name="hasWorked">Whether codex may have done something in the turn.</param>
    public static TurnFailure Lost(string reason, bool hasWorked) =>
        new(
            ErrorCodes.AppServerLost,
            $"codex's app-server was lost before the turn was over: {reason.TrimEnd('.')}. "
                + (
                    hasWorked
                        ? "What codex had done by then is done, and is in the thread; look at it before you ask again."
                        : "Codex had done nothing yet; the same turn may be sent again."
                ),
            TurnErrorClass.Process,
            Retryable: !hasWorked
        );
}
