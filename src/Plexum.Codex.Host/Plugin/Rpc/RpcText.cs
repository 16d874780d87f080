using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Reads strings of parsed JSON.</summary>
internal static class RpcText
{
    /// <summary>The string; null for any other value.</summary>
    /// <param name="value">A value of a line, which <see cref="RpcConnection"/> has made sure has whole characters only.</param>
    public static string? TryGet(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
