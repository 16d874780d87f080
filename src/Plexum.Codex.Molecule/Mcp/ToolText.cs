using System.Text.Json;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// Interprets the texts that <c>molecule-mcp</c> answers with. It never sets <c>isError</c>; the first words say whether a call failed.
/// They are taken from the runtime's source.
/// </summary>
internal static class ToolText
{
    private const int MaxQuoted = 300;

    private static readonly string[] Failures = ["Error:", "PERMISSION DENIED", "DELEGATION FAILED", "Unknown tool"];

    // Retrying these is pointless.
    private static readonly string[] Refusals =
    [
        "message is required",
        "workspace_id and task are required",
        "cannot delegate_task to your own workspace",
    ];

    /// <summary>Throws unless a reply to the user was accepted.</summary>
    /// <exception cref="PlatformException">The reply was not accepted.</exception>
    public static void ExpectSent(string text)
    {
        ThrowIfFailed("send_message_to_user", text);
        if (!text.StartsWith("Message sent", StringComparison.OrdinalIgnoreCase))
        {
            throw new PlatformException($"molecule-mcp did not confirm that the message was sent. It answered: {Quote(text)}");
        }
    }

    /// <summary>Throws unless a reply to a peer was accepted or queued. The peer's own answer is ignored.</summary>
    /// <exception cref="PlatformException">The reply was not accepted.</exception>
    public static void ExpectDelegated(string text) => ThrowIfFailed("delegate_task", text);

    /// <summary>The JSON answer of an inbox tool.</summary>
    /// <exception cref="PlatformRefusedException">Inbox polling is disabled, so no message will ever arrive.</exception>
    /// <exception cref="PlatformException">The answer is a failure or not JSON.</exception>
    public static JsonDocument ExpectJson(string tool, string text)
    {
        if (text.Contains("inbox polling is not enabled", StringComparison.OrdinalIgnoreCase))
        {
            throw new PlatformRefusedException(
                "molecule-mcp does not poll the inbox, so no message can ever arrive. Set --molecule-mcp to the program molecule-mcp "
                    + "itself, not the bare server module, and unset MOLECULE_MCP_DISABLE_INBOX."
            );
        }

        ThrowIfFailed(tool, text);
        try
        {
            return PlatformJson.Parse(text);
        }
        catch (JsonException e)
        {
            throw new PlatformUnavailableException($"molecule-mcp answered {tool} with something that is not JSON.", e);
        }
    }

    private static void ThrowIfFailed(string tool, string text)
    {
        var plain = text.Replace('_', ' ').Replace('-', ' ');
        if (
            plain.Contains("talk to user", StringComparison.OrdinalIgnoreCase)
            && plain.Contains("disabled", StringComparison.OrdinalIgnoreCase)
            && tool == "send_message_to_user"
        )
        {
            throw new DeliveryRefusedException($"The platform does not accept messages to the user: {Quote(text)}");
        }

        if (!Failures.Any(failure => text.StartsWith(failure, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        throw Refusals.Any(refusal => text.Contains(refusal, StringComparison.OrdinalIgnoreCase))
            ? new DeliveryRefusedException($"molecule-mcp refused {tool}: {Quote(text)}")
            : new PlatformException($"{tool} of molecule-mcp failed: {Quote(text)}");
    }

    private static string Quote(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > MaxQuoted ? line[..MaxQuoted] + "…" : line;
    }
}
