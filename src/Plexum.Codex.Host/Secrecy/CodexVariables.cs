using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Plexum.Codex.Client.Documents;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// The environment variables that decide which login, provider and network codex uses. A daemon has those of the command that started it.
/// </summary>
internal static class CodexVariables
{
    // curl(1) and codex's HTTP library read the proxies in both cases.
    private static readonly FrozenSet<string> Named = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR"
    );

    /// <summary>Those that are set, each with the SHA-256 of its value, sorted by name.</summary>
    /// <param name="environment">The environment variables.</param>
    public static ImmutableArray<VariableDocument> Of(IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return
        [
            .. environment
                .Keys.Cast<string>()
                .Where(IsOne)
                .Order(StringComparer.Ordinal)
                .Select(name => (Name: name, Value: environment[name] as string))
                .Where(variable => !string.IsNullOrEmpty(variable.Value))
                .Select(variable => new VariableDocument(variable.Name, SecretMask.Hash(variable.Value!))),
        ];
    }

    // CODEX_HOME is told by itself, as codex uses it. A provider's env_key is most often named *_API_KEY. The platform's variables
    // cannot be compared: a daemon takes them out of its environment.
    private static bool IsOne(string name) =>
        name != "CODEX_HOME"
        && (
            Named.Contains(name)
            || name.StartsWith("CODEX_", StringComparison.Ordinal)
            || name.StartsWith("OPENAI_", StringComparison.Ordinal)
            || name.EndsWith("_API_KEY", StringComparison.Ordinal)
        );
}
