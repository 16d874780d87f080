using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Json;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct;

/// <summary>A row of the workspace's activity.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Seq">The row's number; 0 from an older platform, which has none.</param>
/// <param name="CreatedAt">When it was written, in the platform's format, or in ISO 8601 if it is a number; empty if missing.</param>
/// <param name="Message">The message for the inbox; null if the row is not a message.</param>
/// <param name="Shown">The text that was shown to the user; null if the row does not record one.</param>
internal sealed record InboxRow(string Id, long Seq, string CreatedAt, InboundMessage? Message, string? Shown)
{
    /// <summary>Reads the rows of an answer.</summary>
    /// <returns>The rows in the order of the answer; null if the answer is not a list.</returns>
    public static IReadOnlyList<InboxRow>? ReadAll(PlatformAnswer answer, string workspaceId)
    {
        using var json = answer.Json();
        return json is { RootElement.ValueKind: JsonValueKind.Array }
            ? [.. json.RootElement.EnumerateArray().Select(row => Read(row, workspaceId)).OfType<InboxRow>()]
            : null;
    }

    /// <summary>The time one microsecond after <see cref="CreatedAt"/>, which is the platform's resolution.</summary>
    public string JustAfter => Instant.TryParse(CreatedAt, out var at) ? Iso(at.AddMicroseconds(1)) : CreatedAt;

    private static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // A number is no time that could be sent back to the platform.
    private static string TimeOf(JsonElement row) =>
        row.TryGetProperty("created_at", out var time)
        && time.ValueKind == JsonValueKind.Number
        && Instant.TryParse(time.GetRawText(), out var at)
            ? Iso(at)
            : row.TextOf("created_at");

    private static InboxRow? Read(JsonElement row, string workspaceId)
    {
        // A row without an id cannot be used as a cursor; no platform writes one.
        if (row.TextOf("id") is not { Length: > 0 } id)
        {
            return null;
        }

        var (method, source) = (row.TextOf("method"), row.TextOf("source_id"));
        var isOwnNotice = method == "notify" && source.Length == 0;
        var isOwnEcho = source == workspaceId && method != "delegate_result";
        var seq =
            row.TryGetProperty("seq", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value)
                ? value
                : 0;
        return new InboxRow(
            id,
            seq,
            TimeOf(row),
            isOwnNotice || isOwnEcho ? null : new InboundMessage(id, InboundKinds.Of(source, method), source, A2aText.OfRow(row), method),
            isOwnNotice && row.TryGetProperty("response_body", out var body) ? Result(body) : null
        );
    }

    private static string? Result(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.String)
        {
            return body.TextOf("result");
        }

        try
        {
            using var inner = PlatformJson.Parse(PlatformJson.Text(body));
            return inner.RootElement.TextOf("result");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
