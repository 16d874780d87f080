using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Reads strings of parsed JSON.</summary>
internal static class RpcText
{
    /// <summary>The string; null for any other value, and for text with a lone surrogate.</summary>
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
