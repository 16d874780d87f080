using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Daemon;

/// <summary>A response that was read to its end.</summary>
internal sealed record Answer(int Status, string ContentType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.ToString() ?? "",
        await response.Content.ReadAsStringAsync(),
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>Checks that it is a problem document with this status and code, and returns what it says.</summary>
    public string Problem(int status, string code)
    {
        Assert.True(status == Status, ToString());
        Assert.Equal("application/problem+json", ContentType);
        var json = Json;
        Assert.Equal(status, (int)json["status"]!);
        Assert.Equal(code, (string)json["code"]!);
        Assert.Equal($"urn:plexum-codex:problem:{code}", (string)json["type"]!);
        Assert.False(string.IsNullOrWhiteSpace((string)json["title"]!));
        var detail = (string)json["detail"]!;
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.DoesNotContain("   at ", Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Body, StringComparison.Ordinal);
        return detail;
    }

    public override string ToString() => $"{Status} {ContentType}\n{Body}";
}
