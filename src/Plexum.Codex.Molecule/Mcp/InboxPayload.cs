using System.Text.Json;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The result text of the platform's tool <c>wait_for_message</c>, parsed: <see cref="Arrived"/>, <see cref="TimedOut"/>,
/// <see cref="Malformed"/> or <see cref="Failed"/>. Reading it never throws.
/// </summary>
public abstract record InboxPayload
{
    // The tool reports failures only as text.
    private static readonly string[] Failures = ["Error:", "PERMISSION DENIED", "Unknown tool", "DELEGATION FAILED"];

    private InboxPayload() { }

    /// <summary>A message arrived.</summary>
    /// <param name="Message">The message.</param>
    public sealed record Arrived(InboundMessage Message) : InboxPayload;

    /// <summary>No message arrived in time.</summary>
    public sealed record TimedOut : InboxPayload
    {
        /// <summary>The only instance.</summary>
        public static TimedOut Instance { get; } = new();
    }

    /// <summary>The result cannot be parsed. The next one may be the same, so wait before the next call.</summary>
    /// <param name="Problem">What is wrong, without quoting the text.</param>
    public sealed record Malformed(string Problem) : InboxPayload;

    /// <summary>The tool reported a failure.</summary>
    /// <param name="Text">The first line of its text, at most 300 characters.</param>
    public sealed record Failed(string Text) : InboxPayload;

    /// <summary>Parses a result of the tool.</summary>
    public static InboxPayload Read(string? text)
    {
        var content = (text ?? "").Trim();
        if (FailureIn(content) is { } failure)
        {
            return new Failed(failure);
        }

        try
        {
            using var document = PlatformJson.Parse(content);
            return ReadObject(document.RootElement);
        }
        catch (JsonException)
        {
            return new Malformed("it is not JSON");
        }
    }

    /// <summary>The failure that the result text of any of the platform's tools reports; null if it reports none.</summary>
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
            return new Malformed("it is not a JSON object");
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
        return new Arrived(new InboundMessage(id, kind, peer, TextOf(root), method, string.IsNullOrWhiteSpace(arrival) ? null : arrival));
    }

    // The tool normally joins the parts itself; other versions may leave that to us.
    private static string TextOf(JsonElement root) =>
        root.TextOf("text") is var text && !string.IsNullOrWhiteSpace(text) ? text
        : A2aText.OfBody(root) is { Length: > 0 } parts ? parts
        : A2aText.OfRow(root);
}
