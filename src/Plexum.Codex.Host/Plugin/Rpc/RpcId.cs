using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The id of a request. The answer must carry it unchanged.</summary>
/// <param name="Raw">The id's JSON text.</param>
/// <param name="Key">A key for comparison: equal for two spellings of the same string.</param>
internal readonly record struct RpcId(string Raw, string Key)
{
    /// <summary>The id used to answer a request whose own id cannot be read.</summary>
    public static RpcId Null { get; } = new("null", "null");

    /// <summary>An id for one of our own requests.</summary>
    public static RpcId Of(string text) => new($"\"{text}\"", $"\"{text}");

    public static RpcId Of(long number)
    {
        var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new(text, text);
    }

    /// <summary>Reads an id; null if the value cannot be one.</summary>
    public static RpcId? TryRead(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String when RpcText.TryGet(value) is { } text => new RpcId(value.GetRawText(), $"\"{text}"),
            JsonValueKind.Number => new RpcId(value.GetRawText(), value.GetRawText()),
            JsonValueKind.Null => Null,
            _ => null,
        };
}
