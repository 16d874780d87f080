using System.Runtime.InteropServices;
using System.Text.Json;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Inbox;

/// <summary>Reads what the platform passes on of others: strings that are no UTF-8, or half of a surrogate pair, are no reason to fail.</summary>
public static class PlatformJson
{
    /// <summary>How JSON of the platform is read: the sender of a message chooses how deep its body is nested.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = 1 << 20 };

    /// <summary>The text of a property; empty where there is none or it is no string.</summary>
    /// <param name="json">Anything.</param>
    /// <param name="property">The property's name.</param>
    public static string TextOf(this JsonElement json, string property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? Text(value)
            : "";

    /// <summary>The text of a JSON string; what is no character is shown as U+FFFD.</summary>
    /// <param name="value">A string.</param>
    public static string Text(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return new JsonText(raw, raw.Contains((byte)'\\')).Decode();
    }
}
