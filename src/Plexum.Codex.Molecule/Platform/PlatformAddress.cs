using System.Collections.Immutable;
using System.Net;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>The rules for the platform's URL, which the workspace's token goes to.</summary>
internal static class PlatformAddress
{
    /// <summary>The variable with the URL.</summary>
    public const string Variable = "PLATFORM_URL";

    /// <summary>Reads the URL.</summary>
    /// <param name="text">The URL; empty if none is configured.</param>
    /// <param name="unencryptedHost">The host to which the token may be sent unencrypted; empty for none but this machine.</param>
    /// <param name="problems">Gets a sentence if it cannot be used.</param>
    /// <returns>The URL, or null.</returns>
    public static Uri? Read(string text, string unencryptedHost, ImmutableArray<string>.Builder problems)
    {
        if (text.Length == 0)
        {
            problems.Add($"No platform is configured: set {Variable} or molecule.platform-url to its URL.");
            return null;
        }

        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.UserInfo.Length > 0
            || url.Query.Length > 0
            || url.Fragment.Length > 0
        )
        {
            // Without the value: it may be a token put into the wrong variable.
            problems.Add($"{Variable} is invalid: it must look like https://platform.example, without user, query or fragment.");
            return null;
        }

        if (url.Scheme == Uri.UriSchemeHttp && !IsThisMachine(url) && !IsHost(url, unencryptedHost))
        {
            problems.Add(
                $"The platform's URL http://{url.Authority} would send the workspace's token unencrypted to another machine. Use https://. "
                    + $"If nobody else can read that network, set molecule.send-token-unencrypted-to = \"{url.IdnHost}\"."
            );
            return null;
        }

        return url;
    }

    private static bool IsThisMachine(Uri url) =>
        IsHost(url, "localhost") || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));

    private static bool IsHost(Uri url, string host) => string.Equals(url.IdnHost, host, StringComparison.OrdinalIgnoreCase);
}
