using System.Text;
using System.Text.Json;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>What the platform answered.</summary>
/// <param name="Status">The status; 0 where a peer kept the platform waiting for too long.</param>
/// <param name="Body">The body, or its beginning.</param>
/// <param name="IsWhole">Whether that is all of the body.</param>
/// <param name="IsOfPeer">Whether another workspace had to do with it: then a failure says nothing about the platform.</param>
/// <param name="RetryAfter">How long the platform wants to be left alone.</param>
internal sealed record PlatformAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsWhole, bool IsOfPeer, TimeSpan? RetryAfter)
{
    private const int LongestSaying = 300;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the platform itself is not well, or wants to be asked less.</summary>
    public bool IsOfTrouble => Status is >= 500 or 408 or 425 or 429;

    /// <summary>The body; null where it is no JSON.</summary>
    public JsonDocument? Json()
    {
        try
        {
            return IsWhole ? JsonDocument.Parse(Body, PlatformJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The field <c>error</c> of the body; empty where there is none.</summary>
    public string Error()
    {
        using var json = Json();
        return json?.RootElement.TextOf("error") ?? "";
    }

    /// <summary>Whether a field of the body is true.</summary>
    public bool Has(string property)
    {
        using var json = Json();
        return json?.RootElement is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>Status and reason, for a sentence: what the platform says is short and has no control characters afterwards.</summary>
    public string Say()
    {
        using var json = Json();
        var said = json is null ? "" : $"{json.RootElement.TextOf("error")} {json.RootElement.TextOf("hint")}".Trim();
        var text = new StringBuilder(said.Length);
        foreach (var character in said.Length > LongestSaying ? said[..LongestSaying] : said)
        {
            text.Append(char.IsControl(character) ? ' ' : character);
        }

        return text.Length == 0 ? $"{Status}" : $"{Status} ({text})";
    }
}
