using System.Collections.Immutable;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// The plugin's <c>config.json</c>, the same four keys as the Go plugin's: <c>binary</c>, <c>extra_args</c>,
/// <c>supported_models</c>, <c>model_args</c>. A key that is missing leaves the setting alone.
/// </summary>
public sealed record PluginConfig
{
    /// <summary>codex's name or path.</summary>
    public string? Binary { get; private init; }

    /// <summary>Arguments put before the prompt.</summary>
    public ImmutableArray<string>? ExtraArgs { get; private init; }

    /// <summary>The models that a host is told of.</summary>
    public ImmutableArray<string>? SupportedModels { get; private init; }

    /// <summary>A host's model id to the value of <c>--model</c>.</summary>
    public ImmutableDictionary<string, string>? ModelArgs { get; private init; }

    /// <summary>Keys that mean nothing here.</summary>
    public ImmutableArray<string> UnknownKeys { get; private init; } = [];

    /// <summary>Reads the file; one that is missing or empty says nothing.</summary>
    /// <exception cref="ConfigurationProblemsException">It cannot be read or understood; the message names file, line and column.</exception>
    public static PluginConfig Load(string path)
    {
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : "";
            return string.IsNullOrWhiteSpace(text) ? new PluginConfig() : Read(path, text);
        }
        catch (JsonReaderException e)
        {
            throw new ConfigurationProblemsException([$"{path}, line {e.LineNumber}, column {e.LinePosition}: {e.Message}"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblemsException([$"{path} cannot be read: {e.Message}"]);
        }
    }

    private static PluginConfig Read(string path, string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
        if (JToken.ReadFrom(reader) is not JObject root)
        {
            throw new ConfigurationProblemsException([$"{path}, line 1: the file must hold one JSON object."]);
        }

        var problems = ImmutableArray.CreateBuilder<string>();
        var config = new PluginConfig
        {
            Binary = String(root["binary"]),
            ExtraArgs = Strings(root["extra_args"]),
            SupportedModels = Strings(root["supported_models"]),
            ModelArgs = Map(root["model_args"]),
            UnknownKeys = [.. root.Properties().Select(property => property.Name)
                .Except(["binary", "extra_args", "supported_models", "model_args"], StringComparer.Ordinal)],
        };
        return problems.Count == 0 ? config : throw new ConfigurationProblemsException(problems.ToImmutable());

        string? String(JToken? token) => token switch
        {
            null or { Type: JTokenType.Null } => null,
            { Type: JTokenType.String } => (string?)token,
            _ => Complain<string>(token, "a string"),
        };

        ImmutableArray<string>? Strings(JToken? token) => token switch
        {
            null or { Type: JTokenType.Null } => null,
            JArray array => [.. array.Select(item => String(item) ?? "")],
            _ => Complain<ImmutableArray<string>?>(token, "a list of strings"),
        };

        ImmutableDictionary<string, string>? Map(JToken? token) => token switch
        {
            null or { Type: JTokenType.Null } => null,
            JObject map => map.Properties().ToImmutableDictionary(p => p.Name, p => String(p.Value) ?? "", StringComparer.Ordinal),
            _ => Complain<ImmutableDictionary<string, string>>(token, "an object of strings"),
        };

        T? Complain<T>(JToken token, string wanted)
        {
            var line = (IJsonLineInfo)token;
            problems.Add($"{path}, line {line.LineNumber}, column {line.LinePosition}: {token.Path} must be {wanted}.");
            return default;
        }
    }
}
