using System.Globalization;
using System.Text;
using System.Text.Json;
using Json.Schema;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Tools.Schemas;

/// <summary>
/// Checks the arguments of calls against a tool's input schema, which is compiled once. If the schema cannot be used, the calls go to
/// the host unchecked. Nothing is ever fetched from the network or from a file.
/// </summary>
internal sealed class ToolSchema
{
    // The library keeps some hundred bytes per value that it evaluates, and the model writes the arguments.
    private const int MaxValues = 10_000;

    // The library resolves references recursively when it compiles, and a stack overflow ends the process.
    private const int MaxReferences = 500;
    private const int MaxMistakes = 5;
    private const int MaxCharacters = 1000;

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, Culture = CultureInfo.InvariantCulture };

    private readonly string _tool;
    private readonly JsonSchema? _schema;

    /// <summary>Compiles the schema of a tool.</summary>
    public ToolSchema(ToolDefinition tool)
    {
        _tool = tool.Name;
        try
        {
            var schema = ToolArguments.SchemaOf(tool);
            if (HasMore(schema.GetRawText(), MaxReferences, IsReference))
            {
                Problem = $"it has more than {MaxReferences} references";
                return;
            }

            // A separate registry, so that the schema is freed with the turn.
            var options = new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = ToolSchemaDialect.Instance };
            _schema = JsonSchema.Build(schema, options);
        }
        catch (Exception e)
        {
            Problem = e.Message;
        }
    }

    /// <summary>Why the last call was not checked; null if it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>Null if the arguments match the schema or cannot be checked; otherwise a sentence for the model.</summary>
    /// <param name="arguments">The text of a JSON object.</param>
    public string? WhyNot(string arguments)
    {
        if (_schema is null)
        {
            return null;
        }

        try
        {
            Problem = HasMore(arguments, MaxValues, IsValue) ? $"the arguments have more than {MaxValues} values" : null;
            return Problem is null ? Check(_schema, arguments) : null;
        }
        catch (Exception e)
        {
            // Dangling or circular references and slow patterns surface only here.
            Problem = e.Message;
            return null;
        }
    }

    private string? Check(JsonSchema schema, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var results = schema.Evaluate(document.RootElement, Options);
        if (results.IsValid)
        {
            return null;
        }

        var mistakes = string.Join("; ", (results.Details ?? []).Prepend(results).SelectMany(MistakesIn).Distinct().Take(MaxMistakes));
        return $"The tool {_tool} was not called, because its arguments do not match its schema: {Cut(mistakes)}. "
            + "Call it again with arguments that do.";
    }

    private static IEnumerable<string> MistakesIn(EvaluationResults results)
    {
        var place = results.InstanceLocation.ToString().TrimStart('/');
        foreach (var (keyword, text) in results.Errors ?? [])
        {
            // An empty keyword means the schema "false", with which schemas forbid unlisted properties.
            var mistake = keyword.Length == 0 ? "there is no such property" : text;
            yield return place.Length == 0 ? mistake : $"{place}: {mistake}";
        }
    }

    private static string Cut(string text) =>
        text.Length == 0 ? "they violate one of its rules"
        : text.Length <= MaxCharacters ? text
        : text[..MaxCharacters] + "…";

    private static bool IsReference(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("$ref"u8);

    private static bool IsValue(ref Utf8JsonReader reader) =>
        reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject);

    private static bool HasMore(string json, int max, Counts counts)
    {
        // Every token takes at least two characters, including its separator.
        if (json.Length < 2 * max)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        var found = 0;
        while (found <= max && reader.Read())
        {
            found += counts(ref reader) ? 1 : 0;
        }

        return found > max;
    }

    private delegate bool Counts(ref Utf8JsonReader reader);
}
