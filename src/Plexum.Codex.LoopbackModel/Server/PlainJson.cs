using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Writes JSON like the real service: on one line, with minimal escaping.</summary>
internal static class PlainJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JsonObject json, IBufferWriter<byte> to)
    {
        using var writer = new Utf8JsonWriter(to, Options);
        json.WriteTo(writer);
    }
}
