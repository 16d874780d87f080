using System.Globalization;
using System.Net;

namespace Plexum.Codex.Host.Daemon;

/// <summary>Reads the value of <c>--listen</c>.</summary>
internal static class LoopbackAddress
{
    /// <summary>Parses an endpoint.</summary>
    /// <exception cref="CodexException">The text is not an endpoint, or other machines could reach it.</exception>
    public static IPEndPoint Parse(string text)
    {
        var named = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
        var colon = named.LastIndexOf(':');
        if (
            colon <= 0
            || !int.TryParse(named.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !IPEndPoint.TryParse(named, out var endpoint)
        )
        {
            throw new CodexException($"\"{text}\" is not a valid address; use an IP address with a port, such as 127.0.0.1:7400.");
        }

        return IPAddress.IsLoopback(endpoint.Address)
            ? endpoint
            : throw new CodexException(
                $"Other machines could reach {text}, and anyone who reaches the daemon can run commands as this user. Listen on "
                    + "127.0.0.1, and use ssh or an authenticating proxy for remote access."
            );
    }
}
