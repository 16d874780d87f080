using System.Runtime.InteropServices;
using System.Text.Json;
using Plexum.Codex.Json;

namespace Plexum.Codex.AppServer.Output;

/// <summary>Reads fields of what the server says. What is missing or of another type is taken as not there; nothing throws.</summary>
internal static class JsonFields
{
    /// <summary>The text of a field; empty if it has none.</summary>
    public static string TextOf(this JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.String) is { } text ? Decode(text) : "";

    /// <summary>The object in a field; null if there is none.</summary>
    public static JsonElement? ObjectOf(this JsonElement parent, string name) => Find(parent, name, JsonValueKind.Object);

    /// <summary>The elements of a list; none if there is no list.</summary>
    public static IEnumerable<JsonElement> ListOf(this JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : [];

    /// <summary>The whole number in a field; 0 if it has none.</summary>
    public static long CountOf(this JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var count) ? count : 0;

    /// <summary>Whether a field is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement parent, string name) => Find(parent, name, JsonValueKind.True) is not null;

    /// <summary>A string; unpaired surrogates become U+FFFD, where the element's own reader throws.</summary>
    public static string Decode(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return raw.Length < 2 ? "" : new JsonText(raw[1..^1], raw.Contains((byte)'\\')).Decode();
    }

    private static JsonElement? Find(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
