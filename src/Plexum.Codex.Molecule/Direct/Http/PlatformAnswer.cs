using System.Text;
using System.Text.Json;
using Plexum.Codex.Json;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>An answer of the platform.</summary>
/// <param name="Status">The HTTP status; 0 if a peer did not answer in time.</param>
/// <param name="Body">The body, or its beginning.</param>
/// <param name="IsWhole">Whether <paramref name="Body"/> is complete.</param>
/// <param name="IsOfPeer">Whether a peer was involved, so that a failure says nothing about the platform.</param>
/// <param name="RetryAfter">The pause that the platform asked for (Retry-After).</param>
internal sealed record PlatformAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsWhole, bool IsOfPeer, TimeSpan? RetryAfter)
{
    private const int MaxSayingCharacters = 300;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the platform itself has a problem or asks for fewer requests.</summary>
    public bool IsOfTrouble => Status is >= 500 or 408 or 425 or 429;

    /// <summary>The body as JSON; null if it is not JSON.</summary>
    public JsonDocument? Json()
    {
        try
        {
            return IsWhole ? JsonDocument.Parse(WholeText.OfJson(Body), PlatformJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The field <c>error</c> of the body; empty if missing.</summary>
    public string Error()
    {
        using var json = Json();
        return json?.RootElement.TextOf("error") ?? "";
    }

    /// <summary>Whether a field of the body is true.</summary>
    public bool Has(string property)
    {
        using var json = Json();
        return json?.RootElement is { ValueKind: JsonValueKind.Object } body
            && body.TryGetProperty(property, out var value)
            && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>The status and the platform's reason for use in a message, shortened and without control characters.</summary>
    public string Say()
    {
        using var json = Json();
        var said = json is null ? "" : $"{json.RootElement.TextOf("error")} {json.RootElement.TextOf("hint")}".Trim();
        var text = new StringBuilder(said.Length);
        foreach (var character in said.Length > MaxSayingCharacters ? said[..MaxSayingCharacters] : said)
        {
            text.Append(char.IsControl(character) ? ' ' : character);
        }

        return text.Length == 0 ? $"{Status}" : $"{Status} ({text})";
    }
}
