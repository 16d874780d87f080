using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The id of a request, which its answer has to carry just as it came.</summary>
/// <param name="Raw">Its JSON text.</param>
/// <param name="Key">The same for two texts of one string.</param>
internal readonly record struct RpcId(string Raw, string Key)
{
    /// <summary>What stands for the id of a request that has none which could be read.</summary>
    public static RpcId Null { get; } = new("null", "null");

    /// <summary>An id of this program's own.</summary>
    public static RpcId Of(string text) => new($"\"{text}\"", $"\"{text}");

    public static RpcId Of(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Reads an id; null for what cannot be one.</summary>
    public static RpcId? TryRead(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when RpcText.TryGet(value) is { } text => new RpcId(value.GetRawText(), $"\"{text}"),
        JsonValueKind.Number => new RpcId(value.GetRawText(), value.GetRawText()),
        JsonValueKind.Null => Null,
        _ => null,
    };
}
