using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Strings of parsed JSON.</summary>
internal static class RpcText
{
    /// <summary>The string; null for another value, and for text that has half of a surrogate pair.</summary>
    public static string? TryGet(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
