using System.Text.Json.Nodes;

namespace Plexum.Codex.TestSupport;

/// <summary>A response of a daemon that was read to its end.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">The type of its body; empty for none.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">All its headers.</param>
public sealed record ApiAnswer(int Status, string ContentType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Its body, which must be an object.</summary>
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>Reads a response.</summary>
    public static async Task<ApiAnswer> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken = default) =>
        new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "",
            await response.Content.ReadAsStringAsync(cancellationToken),
            response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>Checks that it has a status, and returns itself.</summary>
    public ApiAnswer Must(int status)
    {
        Assert.True(status == Status, ToString());
        return this;
    }

    /// <summary>Checks that it is a problem document with this status and code, and returns its detail.</summary>
    public string Problem(int status, string code)
    {
        Must(status);
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

    /// <summary>All of it, for the message of a failed test.</summary>
    public override string ToString() => $"{Status} {ContentType}\n{Body}";
}
