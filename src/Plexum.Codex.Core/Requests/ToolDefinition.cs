using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Plexum.Codex.Requests;

/// <summary>A tool that the host offers for a turn.</summary>
/// <param name="Name">Its name, unique within the turn.</param>
/// <param name="Description">What it does, for the model; null if the host does not say.</param>
/// <param name="InputSchema">The JSON schema of its arguments, as JSON text; null for none.</param>
public sealed record ToolDefinition(string Name, string? Description, string? InputSchema)
{
    /// <summary>
    /// The same tool with the members of its schema's objects in the order of their names. JSON gives that order no meaning, and some
    /// languages write an object in another order each time, so two requests that differ only in it are the same.
    /// </summary>
    public ToolDefinition Sorted() => InputSchema is { } schema ? this with { InputSchema = Sort(schema) } : this;

    private static string Sort(string schema)
    {
        using var reader = new JsonTextReader(new StringReader(schema))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = TurnRequestJson.MaxDepth,
        };
        try
        {
            return SortValue(JToken.ReadFrom(reader)).ToString(Formatting.None);
        }
        catch (JsonReaderException)
        {
            // Not from a document, which would have been refused; it is compared as it is.
            return schema;
        }
    }

    private static JToken SortValue(JToken value) =>
        value switch
        {
            JObject item => new JObject(
                item.Properties()
                    .OrderBy(member => member.Name, StringComparer.Ordinal)
                    .Select(member => new JProperty(member.Name, SortValue(member.Value)))
            ),
            JArray list => new JArray(list.Select(SortValue)),
            _ => value,
        };
}
