using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Plexum.Codex.LoopbackModel.Codex;

/// <summary>
/// The configuration that points codex to a loopback server, as arguments or as the <c>config.toml</c> of a dedicated home. It also keeps
/// codex from accessing the internet (analytics, plugin list, updates) and from starting a login shell in each turn to copy the user's
/// shell settings.
/// </summary>
/// <param name="BaseUrl">The server's URL, including the path <c>/v1</c>.</param>
public sealed record CodexProvider(Uri BaseUrl)
{
    private const string FirstLine = "# Made for the loopback model; overwritten at will.";
    private const string Id = "loopback";

    /// <summary>
    /// The model that codex requests. The default is not in codex's own catalogue, so codex prints a warning about its metadata and offers
    /// plain tools. With a model from the catalogue there is no warning, and MCP tools are found by search.
    /// </summary>
    public string Model { get; init; } = "gpt-5";

    /// <summary>How often codex retries a request that failed with a status.</summary>
    public int RequestRetries { get; init; }

    /// <summary>How often codex retries a request whose stream broke.</summary>
    public int StreamRetries { get; init; }

    /// <summary>How long codex waits for the next event of a stream; null for codex's default, five minutes.</summary>
    public TimeSpan? StreamIdleTimeout { get; init; }

    /// <summary>The configuration as <c>-c key=value</c> arguments, allowed anywhere codex accepts options.</summary>
    public IReadOnlyList<string> Arguments() => Settings().SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }).ToList();

    /// <summary>Writes the configuration as <c>config.toml</c> into a folder, which is created if missing.</summary>
    /// <param name="codexHome">The folder to use as CODEX_HOME.</param>
    /// <exception cref="IOException">The folder has a <c>config.toml</c> from another source, which is not overwritten.</exception>
    public void WriteConfig(string codexHome)
    {
        ArgumentException.ThrowIfNullOrEmpty(codexHome);
        Directory.CreateDirectory(codexHome);
        var path = Path.Combine(codexHome, "config.toml");
        if (File.Exists(path) && File.ReadLines(path).FirstOrDefault() != FirstLine)
        {
            throw new IOException($"{path} was not written by the loopback model, so it is kept; use another folder as CODEX_HOME.");
        }

        var text = new StringBuilder().Append(FirstLine).Append('\n');
        foreach (var (key, value) in Settings())
        {
            text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
        }

#pragma warning disable RS0030 // The file is of a codex home made for a demonstration or a test; nothing is lost if the write is cut off.
        File.WriteAllText(path, text.ToString());
#pragma warning restore RS0030
    }

    private IEnumerable<(string Key, string Value)> Settings()
    {
        yield return ("model", Text(Model));
        yield return ("model_provider", Text(Id));
        yield return ($"model_providers.{Id}.name", Text(Id));
        yield return ($"model_providers.{Id}.base_url", Text(BaseUrl.ToString()));
        yield return ($"model_providers.{Id}.wire_api", Text("responses"));
        yield return ($"model_providers.{Id}.supports_websockets", "false");
        yield return ($"model_providers.{Id}.request_max_retries", Number(RequestRetries));
        yield return ($"model_providers.{Id}.stream_max_retries", Number(StreamRetries));
        if (StreamIdleTimeout is { } timeout)
        {
            yield return ($"model_providers.{Id}.stream_idle_timeout_ms", Number((long)timeout.TotalMilliseconds));
        }

        yield return ("analytics.enabled", "false");
        yield return ("check_for_update_on_startup", "false");
        yield return ("features.plugins", "false");
        yield return ("features.shell_snapshot", "false");
    }

    // A JSON string without non-ASCII characters is also a TOML basic string.
    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
