using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Commands.Upkeep;

/// <summary>
/// Hides secrets in the values of settings. No setting is for a secret, but extra arguments for codex may hold one, such as
/// <c>-c model_providers.x.experimental_bearer_token=…</c>, and so may an address. It rather hides too much.
/// </summary>
internal static partial class SecretMask
{
    private const string Hidden = "***";

    /// <summary>The value with every secret hidden, as far as its looks tell.</summary>
    public static string Of(string value) =>
        AfterFlag().Replace(Assigned().Replace(InAddress().Replace(value, $"$1{Hidden}@"), $"$1{Hidden}"), $"$1{Hidden}$2");

    // What stands behind = or : up to the end of the text, or of the argument.
    [GeneratedRegex(
        """([\w.-]*(?:api_?key|token|secret|passw|authorization|credential|bearer)[\w.-]*(?:\\?["'])?\s*[=:]\s*)(?:\\.|[^"\\])+""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Assigned();

    // A list's item behind one that names a secret: ["--api-key", "…"].
    [GeneratedRegex("""("--?[\w-]*(?:api-?key|token|secret|passw|credential)[\w-]*",\s*")(?:\\.|[^"\\])*(")""", RegexOptions.IgnoreCase)]
    private static partial Regex AfterFlag();

    [GeneratedRegex("""(\w://)[^/@\s"]+@""")]
    private static partial Regex InAddress();
}
