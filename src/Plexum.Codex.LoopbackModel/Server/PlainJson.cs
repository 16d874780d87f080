using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Server;

/// <summary>Writes JSON as the service does: on one line, and with nothing escaped that need not be.</summary>
internal static class PlainJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JsonObject json, IBufferWriter<byte> to)
    {
        using var writer = new Utf8JsonWriter(to, Options);
        json.WriteTo(writer);
    }
}
