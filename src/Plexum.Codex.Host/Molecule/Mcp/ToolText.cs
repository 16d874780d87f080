using System.Text.Json;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// Reads the texts that <c>molecule-mcp</c> answers with. It never sets <c>isError</c>: whether something failed stands in the first
/// words. What they are is known from the runtime's source.
/// </summary>
internal static class ToolText
{
    private const int MostQuoted = 300;

    private static readonly string[] s_failures = ["Error:", "PERMISSION DENIED", "DELEGATION FAILED", "Unknown tool"];

    // As often as they are repeated, these get the same answer.
    private static readonly string[] s_refusals = ["message is required", "workspace_id and task are required", "cannot delegate_task to your own workspace"];

    /// <summary>Sees to it that a reply to the user was taken.</summary>
    /// <exception cref="PlatformException">It was not.</exception>
    public static void ExpectSent(string text)
    {
        ThrowIfFailed("send_message_to_user", text);
        if (!text.StartsWith("Message sent", StringComparison.OrdinalIgnoreCase))
        {
            throw new PlatformException($"molecule-mcp did not say that the message was sent, but: {Quote(text)}");
        }
    }

    /// <summary>Sees to it that a reply to a peer was taken. What the peer answered to it is of no interest; nor that it waits there.</summary>
    /// <exception cref="PlatformException">It was not.</exception>
    public static void ExpectDelegated(string text) => ThrowIfFailed("delegate_task", text);

    /// <summary>The JSON that an inbox tool answers.</summary>
    /// <exception cref="PlatformRefusedException">The inbox is switched off, so that there never will be any.</exception>
    /// <exception cref="PlatformException">It is something else.</exception>
    public static JsonDocument ExpectJson(string tool, string text)
    {
        if (text.Contains("inbox polling is not enabled", StringComparison.OrdinalIgnoreCase))
        {
            throw new PlatformRefusedException(
                "molecule-mcp does not poll the inbox, so no message can ever come. Name the program molecule-mcp itself with --molecule-mcp, not the bare server module, and take MOLECULE_MCP_DISABLE_INBOX out of its environment.");
        }

        ThrowIfFailed(tool, text);
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new PlatformUnavailableException($"molecule-mcp answered {tool} with something that is no JSON.", e);
        }
    }

    private static void ThrowIfFailed(string tool, string text)
    {
        var plain = text.Replace('_', ' ').Replace('-', ' ');
        if (plain.Contains("talk to user", StringComparison.OrdinalIgnoreCase) && plain.Contains("disabled", StringComparison.OrdinalIgnoreCase) && tool == "send_message_to_user")
        {
            throw new DeliveryRefusedException($"The platform takes no messages to the user: {Quote(text)}");
        }

        if (!s_failures.Any(failure => text.StartsWith(failure, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        throw s_refusals.Any(refusal => text.Contains(refusal, StringComparison.OrdinalIgnoreCase))
            ? new DeliveryRefusedException($"molecule-mcp refused {tool}: {Quote(text)}")
            : new PlatformException($"molecule-mcp could not carry out {tool}: {Quote(text)}");
    }

    private static string Quote(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > MostQuoted ? line[..MostQuoted] + "…" : line;
    }
}
