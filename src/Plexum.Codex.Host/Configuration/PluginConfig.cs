using System.Collections.Immutable;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// The plugin's <c>config.json</c>, with the same four keys as the Go plugin's: <c>binary</c>, <c>extra_args</c>,
/// <c>supported_models</c>, <c>model_args</c>. A missing key leaves the setting unchanged.
/// </summary>
internal sealed record PluginConfig
{
    /// <summary>codex's name or path.</summary>
    public string? Binary { get; private init; }

    /// <summary>Arguments inserted before the prompt.</summary>
    public ImmutableArray<string>? ExtraArgs { get; private init; }

    /// <summary>The models that are reported to a host.</summary>
    public ImmutableArray<string>? SupportedModels { get; private init; }

    /// <summary>Maps a host's model id to the value of <c>--model</c>.</summary>
    public ImmutableDictionary<string, string>? ModelArgs { get; private init; }

    /// <summary>Oddities that are not errors: unknown keys.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Reads the file; a missing or empty file sets nothing.</summary>
    /// <exception cref="ConfigurationProblemsException">The file is invalid; the message names file, line and column.</exception>
    public static PluginConfig Load(string path)
    {
        var text = ConfigurationText.ReadIfThere(path);
        try
        {
            return string.IsNullOrWhiteSpace(text) ? new PluginConfig() : Read(path, Parse(path, text));
        }
        catch (JsonReaderException e)
        {
            // Cut the path, line and position that the parser's message ends with.
            var end = e.Message.IndexOf(" Path '", StringComparison.Ordinal);
            throw new ConfigurationProblemsException([
                $"{path}, line {e.LineNumber}, column {e.LinePosition}: {(end < 0 ? e.Message : e.Message[..end])}",
            ]);
        }
    }

    private static JObject Parse(string path, string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
        var root =
            JToken.ReadFrom(reader, new JsonLoadSettings { DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error }) as JObject
            ?? throw new ConfigurationProblemsException([$"{path}, line 1: the file must hold one JSON object."]);
        while (reader.Read())
        {
            if (reader.TokenType != JsonToken.Comment)
            {
                throw new ConfigurationProblemsException([
                    $"{path}, line {reader.LineNumber}, column {reader.LinePosition}: unexpected text after the JSON object; remove it.",
                ]);
            }
        }

        return root;
    }

    private static PluginConfig Read(string path, JObject root)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var config = new PluginConfig
        {
            Binary = Binary(root["binary"]),
            ExtraArgs = Strings(root["extra_args"]),
            SupportedModels = Strings(root["supported_models"]),
            ModelArgs = Map(root["model_args"]),
            Warnings =
            [
                .. root.Properties()
                    .Where(property => property.Name is not ("binary" or "extra_args" or "supported_models" or "model_args"))
                    .Select(property =>
                        $"{path}, line {((IJsonLineInfo)property).LineNumber}: the key \"{property.Name}\" is unknown and ignored."
                    ),
            ],
        };
        return problems.Count == 0 ? config : throw new ConfigurationProblemsException(problems.ToImmutable());

        // The Go plugin treats an empty name as missing.
        string? Binary(JToken? token) => IsNothing(token) || Text(token!) is not { Length: > 0 } text ? null : text;

        ImmutableArray<string>? Strings(JToken? token) =>
            token switch
            {
                _ when IsNothing(token) => null,
                JArray array => [.. array.Select(Text)],
                _ => Reject<ImmutableArray<string>?>(token!, "a list of strings", null),
            };

        ImmutableDictionary<string, string>? Map(JToken? token) =>
            token switch
            {
                _ when IsNothing(token) => null,
                JObject map => map.Properties().ToImmutableDictionary(p => p.Name, p => Text(p.Value), StringComparer.Ordinal),
                _ => Reject<ImmutableDictionary<string, string>?>(token!, "an object of strings", null),
            };

        string Text(JToken token) => token.Type == JTokenType.String ? (string)token! : Reject(token, "a string", "");

        T Reject<T>(JToken token, string wanted, T instead)
        {
            var line = (IJsonLineInfo)token;
            problems.Add($"{path}, line {line.LineNumber}, column {line.LinePosition}: {token.Path} must be {wanted}.");
            return instead;
        }
    }

    private static bool IsNothing(JToken? token) => token is null or { Type: JTokenType.Null };
}
