using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>What the platform answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body; none where it is null.</param>
/// <param name="RetryAfter">The header <c>Retry-After</c>, in seconds.</param>
/// <param name="Location">The header <c>Location</c>.</param>
internal sealed record Answer(int Status, byte[]? Body, int? RetryAfter = null, Uri? Location = null)
{
    // As Go writes it.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Answer Of(int status, JsonNode body, int? retryAfter = null) =>
        new(status, Encoding.UTF8.GetBytes(body.ToJsonString(Plain)), retryAfter);

    public static Answer Error(int status, string error, string? hint = null)
    {
        var body = new JsonObject { ["error"] = error };
        if (hint is not null)
        {
            body["hint"] = hint;
        }

        return Of(status, body);
    }
}
