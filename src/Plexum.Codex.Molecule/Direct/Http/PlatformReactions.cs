using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>Interprets the platform's answers, as specified by the table in docs/molecule.md.</summary>
internal static class PlatformReactions
{
    private const string Edge =
        "404 without a body, which is how its edge answers an unknown Origin. Compare PLATFORM_URL with the "
        + "address in the browser, and set MOLECULE_ORG_ID if the platform has organisations";

    /// <summary>Throws unless the platform did what the workspace requested for itself.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="doing">The requested action, such as <c>register the workspace</c>.</param>
    /// <exception cref="PlatformRefusedException">The platform refuses this workspace or its token.</exception>
    /// <exception cref="PlatformUnavailableException">The action failed, but may succeed later.</exception>
    public static void ExpectDone(PlatformAnswer answer, string doing)
    {
        switch (answer)
        {
            case { IsSuccess: true }:
                return;
            case { Status: 401 or 403 }:
                throw new PlatformRefusedException(
                    $"The platform refuses to {doing}: {answer.Say()}. The token was revoked, or the workspace is gone; find the workspace "
                        + "on its canvas and configure a valid token."
                );
            case { Status: 404, Body.IsEmpty: true }:
                throw new PlatformUnavailableException($"The platform refused to {doing}: {Edge}.");
            default:
                throw new PlatformUnavailableException($"The platform did not {doing}: {answer.Say()}.", answer.RetryAfter);
        }
    }

    /// <summary>Throws unless a text was shown to the user.</summary>
    public static void ExpectShown(PlatformAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return;
        }

        throw answer is { Status: 403 } && answer.Error() == "talk_to_user_disabled"
            ? new DeliveryRefusedException(
                $"This workspace may not talk to its user: {answer.Say()}. Allow it in the workspace's settings on the platform."
            )
            : NotTaken(answer, "show the text to the user");
    }

    /// <summary>Throws unless a message was delivered to the peer or queued for it.</summary>
    public static void ExpectSent(PlatformAnswer answer, string peer)
    {
        // Busy or silent: the peer has the message and is working on it. If it were sent again, it would be answered twice.
        if (answer.Status == 0 || (answer.Status == 503 && answer.Has("busy")))
        {
            return;
        }

        if (!answer.IsSuccess)
        {
            throw NotTaken(answer, $"send the message to {peer}");
        }

        // Errors are short, so a truncated answer is a success.
        using var json = answer.Json();
        if (!answer.IsWhole)
        {
            return;
        }

        if (json is not { RootElement.ValueKind: JsonValueKind.Object })
        {
            throw new PlatformUnavailableException(
                $"The platform answered the message to {peer} with {answer.Status} and no JSON; PLATFORM_URL may be wrong."
            );
        }

        if (json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            var code = error.TryGetProperty("code", out var number) ? number.ToString() : "no code";
            throw new DeliveryRefusedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{peer} answered the message with JSON-RPC error {code}: {Short(error.TextOf("message"))}"
                )
            );
        }
    }

    private static PlatformException NotTaken(PlatformAnswer answer, string doing) =>
        answer switch
        {
            { Status: 401 } => new PlatformRefusedException(
                $"The platform refuses to {doing}: {answer.Say()}. The token was revoked; configure a new one."
            ),
            { Status: 404, Body.IsEmpty: true } => new PlatformUnavailableException($"The platform refused to {doing}: {Edge}."),
            { IsOfTrouble: true } or { Status: >= 300 and < 400 } => new PlatformUnavailableException(
                $"The platform did not {doing}: {answer.Say()}.",
                answer.RetryAfter
            ),
            _ => new DeliveryRefusedException($"The platform refuses to {doing}: {answer.Say()}."),
        };

    private static string Short(string text) => new([.. (text.Length > 300 ? text[..300] : text).Select(c => char.IsControl(c) ? ' ' : c)]);
}
