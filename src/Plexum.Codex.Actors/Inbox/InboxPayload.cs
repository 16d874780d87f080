using System.Text;
using System.Text.Json;

namespace Plexum.Codex.Inbox;

/// <summary>
/// The text that the platform's tool <c>wait_for_message</c> gives back: <see cref="Arrived"/>, <see cref="TimedOut"/>,
/// <see cref="Malformed"/> or <see cref="Failed"/>. Reading it never throws.
/// </summary>
public abstract record InboxPayload
{
    // The tool tells failures as text and not otherwise.
    private static readonly string[] Failures = ["Error:", "PERMISSION DENIED", "Unknown tool", "DELEGATION FAILED"];

    private InboxPayload() { }

    /// <summary>A message.</summary>
    /// <param name="Message">It.</param>
    public sealed record Arrived(InboundMessage Message) : InboxPayload;

    /// <summary>There was none within the time.</summary>
    public sealed record TimedOut : InboxPayload
    {
        /// <summary>The only one there is.</summary>
        public static TimedOut Instance { get; } = new();
    }

    /// <summary>Nothing that can be understood. It may come again at once, so whoever asks should not ask at once.</summary>
    /// <param name="Problem">What is wrong, without anything of the text.</param>
    public sealed record Malformed(string Problem) : InboxPayload;

    /// <summary>The tool says that it failed.</summary>
    /// <param name="Text">The first line of what it says, at most 300 characters.</param>
    public sealed record Failed(string Text) : InboxPayload;

    /// <summary>Reads a result of the tool.</summary>
    public static InboxPayload Read(string? text)
    {
        var content = (text ?? "").Trim();
        if (FailureIn(content) is { } failure)
        {
            return new Failed(failure);
        }

        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(content), PlatformJson.Options);
            return ReadObject(document.RootElement);
        }
        catch (JsonException)
        {
            return new Malformed("it is no JSON");
        }
    }

    /// <summary>The failure that a result of any of the platform's tools tells as text; null where it tells none.</summary>
    public static string? FailureIn(string? text)
    {
        var content = (text ?? "").AsSpan().TrimStart();
        foreach (var beginning in Failures)
        {
            if (content.StartsWith(beginning, StringComparison.Ordinal))
            {
                var end = content.IndexOfAny('\r', '\n');
                var line = end < 0 ? content : content[..end];
                return line[..Math.Min(line.Length, 300)].ToString();
            }
        }

        return null;
    }

    private static InboxPayload ReadObject(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new Malformed("it is no JSON object");
        }

        if (root.TryGetProperty("timeout", out var timeout) && timeout.ValueKind == JsonValueKind.True)
        {
            return TimedOut.Instance;
        }

        var id = root.TextOf("activity_id");
        if (string.IsNullOrWhiteSpace(id))
        {
            return new Malformed("it has no activity_id");
        }

        var peer = root.TextOf("peer_id").Trim();
        var method = root.TextOf("method");
        var kind = root.TextOf("kind") is { Length: > 0 } given ? given : InboundKinds.Of(peer, method);
        var arrival = root.TextOf("arrival_workspace_id");
        return new Arrived(new InboundMessage(
            id, kind, peer, TextOf(root), method, string.IsNullOrWhiteSpace(arrival) ? null : arrival));
    }

    // The tool has joined the parts already; a newer or older one may leave that to whoever reads.
    private static string TextOf(JsonElement root) =>
        root.TextOf("text") is var text && !string.IsNullOrWhiteSpace(text) ? text
        : A2aText.OfBody(root) is { Length: > 0 } parts ? parts
        : A2aText.OfRow(root);
}
