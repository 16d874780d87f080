using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>What an answer of the platform means, as docs/molecule.md has it in a table.</summary>
internal static class PlatformReactions
{
    private const string Edge = "without a word, as its edge answers an Origin that it does not know: compare PLATFORM_URL with the address in the browser, and set MOLECULE_ORG_ID if the platform has organisations";

    /// <summary>Throws unless the platform did what the workspace asked for itself.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="doing">What it was asked for, as <c>register the workspace</c>.</param>
    /// <exception cref="PlatformRefusedException">It does not want this workspace or its token.</exception>
    /// <exception cref="PlatformUnavailableException">It did not do it now.</exception>
    public static void ExpectDone(PlatformAnswer answer, string doing)
    {
        switch (answer)
        {
            case { IsSuccess: true }:
                return;
            case { Status: 401 or 403 }:
                throw new PlatformRefusedException(
                    $"The platform refuses to {doing}: {answer.Say()}. The token was revoked, or the workspace is gone; look the workspace up on its canvas and give this program a token of it.");
            case { Status: 404, Body.IsEmpty: true }:
                throw new PlatformUnavailableException($"The platform refused to {doing} {Edge}.");
            default:
                throw new PlatformUnavailableException($"The platform did not {doing}: {answer.Say()}.", answer.RetryAfter);
        }
    }

    /// <summary>Throws unless a text is shown to the user.</summary>
    public static void ExpectShown(PlatformAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return;
        }

        throw answer is { Status: 403 } && answer.Error() == "talk_to_user_disabled"
            ? new DeliveryRefusedException($"This workspace may not talk to its user: {answer.Say()}. Its settings on the platform can allow it.")
            : NotTaken(answer, "show the text to the user");
    }

    /// <summary>Throws unless a message is with its peer, or kept for it.</summary>
    public static void ExpectSent(PlatformAnswer answer, string peer)
    {
        // Busy or silent: the peer has the message and is at work on it. Sending it again would have it answered twice.
        if (answer.Status == 0 || (answer.Status == 503 && answer.Has("busy")))
        {
            return;
        }

        if (!answer.IsSuccess)
        {
            throw NotTaken(answer, $"send the message to {peer}");
        }

        // The beginning of a long answer is an answer; an error is short.
        using var json = answer.Json();
        if (!answer.IsWhole)
        {
            return;
        }

        if (json is not { RootElement.ValueKind: JsonValueKind.Object })
        {
            throw new PlatformUnavailableException($"The platform answered the message to {peer} with {answer.Status} and no JSON; something else may listen at PLATFORM_URL.");
        }

        if (json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            var code = error.TryGetProperty("code", out var number) ? number.ToString() : "no code";
            throw new DeliveryRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"{peer} answered the message with an error of JSON-RPC, {code}: {Short(error.TextOf("message"))}"));
        }
    }

    private static PlatformException NotTaken(PlatformAnswer answer, string doing) => answer switch
    {
        { Status: 401 } => new PlatformRefusedException($"The platform refuses to {doing}: {answer.Say()}. The token was revoked; give this program another one."),
        { Status: 404, Body.IsEmpty: true } => new PlatformUnavailableException($"The platform refused to {doing} {Edge}."),
        { IsOfTrouble: true } or { Status: >= 300 and < 400 } => new PlatformUnavailableException($"The platform did not {doing}: {answer.Say()}.", answer.RetryAfter),
        _ => new DeliveryRefusedException($"The platform will not {doing}: {answer.Say()}."),
    };

    private static string Short(string text) => new([.. (text.Length > 300 ? text[..300] : text).Select(c => char.IsControl(c) ? ' ' : c)]);
}
