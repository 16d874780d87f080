using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>A row of the workspace's activity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Seq">Its number; 0 where an older platform has none.</param>
/// <param name="CreatedAt">When it was written, as the platform says it; empty where it does not.</param>
/// <param name="Message">What it is for the inbox; null where it is no message.</param>
/// <param name="Shown">The text that it says was shown to the user; null where it says no such thing.</param>
internal sealed record InboxRow(string Id, long Seq, string CreatedAt, InboundMessage? Message, string? Shown)
{
    /// <summary>Reads the answer to a question for rows.</summary>
    /// <returns>The rows in the order of the answer; null where it is not one.</returns>
    public static IReadOnlyList<InboxRow>? ReadAll(PlatformAnswer answer, string workspaceId)
    {
        using var json = answer.Json();
        return json is { RootElement.ValueKind: JsonValueKind.Array }
            ? [.. json.RootElement.EnumerateArray().Select(row => Read(row, workspaceId)).OfType<InboxRow>()]
            : null;
    }

    /// <summary>The moment just behind <see cref="CreatedAt"/>: the platform counts microseconds.</summary>
    public string JustAfter =>
        DateTimeOffset.TryParse(CreatedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcDateTime.AddMicroseconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            : CreatedAt;

    private static InboxRow? Read(JsonElement row, string workspaceId)
    {
        // What has no id can be neither named nor passed; no platform writes it.
        if (row.TextOf("id") is not { Length: > 0 } id)
        {
            return null;
        }

        var (method, source) = (row.TextOf("method"), row.TextOf("source_id"));
        var isOwnNotice = method == "notify" && source.Length == 0;
        var isOwnEcho = source == workspaceId && method != "delegate_result";
        var seq = row.TryGetProperty("seq", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : 0;
        return new InboxRow(
            id,
            seq,
            row.TextOf("created_at"),
            isOwnNotice || isOwnEcho ? null : new InboundMessage(id, InboundKinds.Of(source, method), source, A2aText.OfRow(row), method),
            isOwnNotice && row.TryGetProperty("response_body", out var body) ? Result(body) : null);
    }

    private static string? Result(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.String)
        {
            return body.TextOf("result");
        }

        try
        {
            using var inner = JsonDocument.Parse(PlatformJson.Text(body), PlatformJson.Options);
            return inner.RootElement.TextOf("result");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
