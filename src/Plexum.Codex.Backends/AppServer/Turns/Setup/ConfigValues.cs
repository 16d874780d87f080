using System.Text.Json.Nodes;
using Tomlyn;
using Tomlyn.Model;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// Values of codex's <c>-c</c> as <c>config</c> of a thread, which takes the same keys with JSON values (measured on 0.169.0 and 0.171.0: a
/// thread with the permission profile of a confined turn confines its commands, also after <c>thread/resume</c>).
/// </summary>
internal static class ConfigValues
{
    /// <summary>Adds <c>key=value</c>; a later one of the same key counts. A value that is no TOML is a text, as for codex.</summary>
    public static void Add(JsonObject config, string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            config[assignment[..equals].Trim()] = Parse(assignment[(equals + 1)..].Trim());
        }
    }

    private static JsonNode? Parse(string value)
    {
        try
        {
            return ToJson(TomlSerializer.Deserialize<TomlTable>($"v = {value}")?["v"]);
        }
        catch (TomlException)
        {
            return value;
        }
    }

    private static JsonNode? ToJson(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            bool truth => truth,
            long number => number,
            double number => number,
            TomlTable table => new JsonObject(table.Select(pair => KeyValuePair.Create(pair.Key, ToJson(pair.Value)))),
            TomlArray list => new JsonArray([.. list.Select(ToJson)]),
            _ => value.ToString(),
        };
}
