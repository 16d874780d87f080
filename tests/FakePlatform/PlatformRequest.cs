using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Plexum.Codex.Molecule;

/// <summary>A request as the platform's endpoints see it.</summary>
internal sealed class PlatformRequest
{
    private PlatformRequest(HttpContext context, byte[] body)
    {
        Method = context.Request.Method;
        Path = context.Request.Path.Value ?? "/";
        Segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        Headers = context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Body = body;
        IsJson = context.Request.HasJsonContentType();
    }

    public string Method { get; }

    public string Path { get; }

    public string[] Segments { get; }

    public IReadOnlyDictionary<string, string> Query { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public byte[] Body { get; }

    public bool IsJson { get; }

    public static async Task<PlatformRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new PlatformRequest(context, body.ToArray());
    }

    /// <summary>The body, where it is an object.</summary>
    public JsonObject? Json()
    {
        try
        {
            return IsJson ? JsonNode.Parse(Body) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
