using System.Globalization;
using System.Net;

namespace Plexum.Codex.Host.Daemon;

/// <summary>Reads the value of <c>--listen</c>.</summary>
internal static class LoopbackAddress
{
    /// <summary>The endpoint that a text names.</summary>
    /// <exception cref="CodexException">It names none, or one that other machines could reach.</exception>
    public static IPEndPoint Parse(string text)
    {
        var named = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
        var colon = named.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(named.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !IPEndPoint.TryParse(named, out var endpoint))
        {
            throw new CodexException($"\"{text}\" is no address to listen at; give one with its port, such as 127.0.0.1:7400.");
        }

        return IPAddress.IsLoopback(endpoint.Address)
            ? endpoint
            : throw new CodexException(
                $"{text} could be reached from other machines, and whoever reaches the daemon runs commands as this user. Listen at 127.0.0.1 and let ssh or a proxy with its own checks go before it.");
    }
}
