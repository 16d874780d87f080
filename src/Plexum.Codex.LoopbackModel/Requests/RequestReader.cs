using System.Text.Json;

namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>
/// Reads a request's body and rejects what the real service rejects: such a request is a bug of its sender, which a lenient stand-in would
/// hide. Unknown members and kinds are accepted.
/// </summary>
internal static class RequestReader
{
    private static readonly string[] Roles = ["user", "assistant", "developer", "system"];

    /// <exception cref="RequestRefusedException">The service would reject the body.</exception>
    public static ModelRequest Read(ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> headers)
    {
        var body = Parse(json);
        Demand(IsText(body, "model"), "'model' must be the name of a model.");
        Demand(body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True, "'stream' must be true.");
        Demand(body.TryGetProperty("input", out var input) && IsFilledArray(input), "'input' must be a list with at least one item.");
        var items = input.EnumerateArray().Select(ReadItem).ToList();
        DemandPairs(items);
        var tools = ReadTools(body);
        return new ModelRequest(body, headers, items, tools);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            Demand(document.RootElement.ValueKind == JsonValueKind.Object, "The body must be a JSON object.");
            return document.RootElement.Clone();
        }
        catch (JsonException damaged)
        {
            throw new RequestRefusedException($"The body is not JSON: {damaged.Message}");
        }
    }

    private static InputItem ReadItem(JsonElement json, int at)
    {
        Demand(json.ValueKind == JsonValueKind.Object, $"input[{at}] must be an object.");
        var item = new InputItem(json);
        if (item.Type == "message")
        {
            Demand(Roles.Contains(item.Role), $"input[{at}]: '{item.Role}' is not a valid role of a message.");
            Demand(
                json.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Array or JsonValueKind.String,
                $"input[{at}]: a message must have 'content'."
            );
        }
        else if (item.IsCallOutput || (item.IsCall && !item.IsUnlinked))
        {
            Demand(!string.IsNullOrEmpty(item.CallId), $"input[{at}]: a {item.Type} must have a 'call_id'.");
            Demand(
                item.Type != "function_call" || (!string.IsNullOrEmpty(item.Name) && item.Arguments is not null),
                $"input[{at}]: a function_call must have 'name' and 'arguments'."
            );
            Demand(!item.IsCallOutput || item.Output is not null, $"input[{at}]: a {item.Type} must have an 'output'.");
        }

        return item;
    }

    // Every call that has an id for it must be followed by exactly one output, and every output must have a call.
    private static void DemandPairs(List<InputItem> items)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.IsCall && !item.IsUnlinked)
            {
                Demand(open.Add(item.CallId!), $"The call '{item.CallId}' appears twice in the input without an output between.");
            }
            else if (item.IsCallOutput)
            {
                Demand(open.Remove(item.CallId!), $"No tool call found for function call output with call_id {item.CallId}.");
            }
        }

        Demand(open.Count == 0, $"No tool output found for function call {open.FirstOrDefault()}.");
    }

    private static List<OfferedTool> ReadTools(JsonElement body)
    {
        var tools = new List<OfferedTool>();
        if (!body.TryGetProperty("tools", out var offered) || offered.ValueKind == JsonValueKind.Null)
        {
            return tools;
        }

        Demand(offered.ValueKind == JsonValueKind.Array, "'tools' must be a list.");
        foreach (var tool in offered.EnumerateArray())
        {
            ReadTool(tool, within: null, tools);
        }

        var twice = tools.GroupBy(tool => tool.ToString(), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        Demand(twice is null, $"The tool '{twice?.Key}' is offered twice.");
        return tools;
    }

    private static void ReadTool(JsonElement tool, string? within, List<OfferedTool> tools)
    {
        Demand(tool.ValueKind == JsonValueKind.Object && IsText(tool, "type"), "Every tool must be an object with a 'type'.");
        var kind = tool.GetProperty("type").GetString()!;
        if (kind is "function" or "custom" or "namespace")
        {
            Demand(IsText(tool, "name"), $"A tool of type {kind} must have a 'name'.");
        }

        if (kind != "namespace")
        {
            tools.Add(new OfferedTool(IsText(tool, "name") ? tool.GetProperty("name").GetString()! : kind, within, kind));
            return;
        }

        var name = tool.GetProperty("name").GetString()!;
        Demand(within is null, $"The namespace '{name}' is nested in another one.");
        Demand(
            tool.TryGetProperty("tools", out var inner) && inner.ValueKind == JsonValueKind.Array,
            $"The namespace '{name}' must have 'tools'."
        );
        foreach (var one in inner.EnumerateArray())
        {
            ReadTool(one, name, tools);
        }
    }

    private static bool IsText(JsonElement from, string name) =>
        from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && !string.IsNullOrEmpty(member.GetString());

    private static bool IsFilledArray(JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0;

    private static void Demand(bool met, string otherwise)
    {
        if (!met)
        {
            throw new RequestRefusedException(otherwise);
        }
    }
}
