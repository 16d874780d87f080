using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// Hides secrets in the values of settings. No setting is for a secret, but extra arguments for codex may hold one, such as
/// <c>-c model_providers.x.experimental_bearer_token=…</c>, and so may an address. In doubt it hides.
/// </summary>
internal static partial class SecretMask
{
    private const string Hidden = "***";

    /// <summary>The value with everything hidden that looks like a secret.</summary>
    public static string Of(string value)
    {
        var masked = Bearer().Replace(InAddress().Replace(value, $"$1{Hidden}@"), $"$1{Hidden}");
        return AfterFlag().Replace(Assigned().Replace(masked, $"$1{Hidden}"), $"$1{Hidden}$2");
    }

    /// <summary>
    /// The SHA-256 of a value in which something is hidden, in lower-case hexadecimal, so that two such values can be compared; null if
    /// nothing is hidden.
    /// </summary>
    public static string? HashOf(string value) => Of(value) == value ? null : Hash(value);

    /// <summary>The SHA-256 of a text in UTF-8, in lower-case hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Everything after = or : up to the end of the text, or of the argument.
    [GeneratedRegex(
        """([\w.-]*(?:(?:api|access|private)[_-]?key|token|secret|passw|authorization|credential|bearer)"""
            + """[\w.-]*(?:\\*["'])?\s*[=:]\s*(?:\\*["'])?)"""
            + """(?:\\.|[^"\\])+""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Assigned();

    // The item of a list that follows one that names a secret: ["--api-key", "…"].
    [GeneratedRegex("""("--?[\w-]*(?:api-?key|token|secret|passw|credential)[\w-]*",\s*")(?:\\.|[^"\\])*(")""", RegexOptions.IgnoreCase)]
    private static partial Regex AfterFlag();

    // In a header of any name.
    [GeneratedRegex("""(\bbearer\s+)[^\s"'\\]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex("""(\w://)[^/@\s"]+@""")]
    private static partial Regex InAddress();
}
