using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plexum.Codex.Backend;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// The parameters of <c>turn/start</c>. How the thread is loaded says the rest, so that nothing of one turn stays for the next.
/// </summary>
internal static class TurnParameters
{
    /// <summary>The parameters.</summary>
    /// <param name="start">The turn.</param>
    /// <param name="images">The paths of the prompt's images.</param>
    public static JsonObject Of(CodexBackendProtocol.Start start, ImmutableArray<string> images)
    {
        var input = new JsonArray();
        if (start.Prompt.Text.Length > 0 || images.IsEmpty)
        {
            input.Add(Text(start.Prompt.Text));
        }

        foreach (var image in images)
        {
            input.Add(new JsonObject { ["type"] = "localImage", ["path"] = image });
        }

        var parameters = new JsonObject { ["input"] = input, ["clientUserMessageId"] = start.TurnId.Value };
        if (start.Options.OutputSchema is { } schema)
        {
            parameters["outputSchema"] = JsonNode.Parse(schema);
        }

        return parameters;
    }

    /// <summary>A text of the user.</summary>
    public static JsonObject Text(string text) =>
        new()
        {
            ["type"] = "text",
            ["text"] = text,
            ["text_elements"] = new JsonArray(),
        };
}
