using System.Text.Json.Nodes;

namespace FakeMolecule;

/// <summary>The tools. What goes wrong is told by a text, never otherwise.</summary>
internal sealed class Tools(StageFolder folder, Inbox? inbox, WireOutput output)
{
    private const string NoInbox =
        "Error: inbox polling is not enabled in this runtime. The standalone molecule-mcp wrapper activates it; the bare server does not.";

    public string? Call(JsonNode? id, string tool, JsonObject arguments)
    {
        folder.Record(
            new JsonObject
            {
                ["event"] = "call",
                ["tool"] = tool,
                ["arguments"] = arguments.DeepClone(),
            }
        );
        var fault = folder.TakeFault(tool);
        switch (fault?.Word)
        {
            case "text":
                return fault.Text;
            case "die":
                Environment.Exit(1);
                break;
            case "throw":
                throw new InvalidOperationException(fault.Text);
            case "hold":
                folder.WaitFor(fault.Text);
                break;
            case "raw":
                output.Line(fault.Text.Replace("ID", id?.ToJsonString(), StringComparison.Ordinal));
                return null;
            case "garbage":
                output.Line(fault.Text);
                break;
        }

        var result = Do(tool, arguments);
        switch (fault?.Word)
        {
            case "die-after":
                Environment.Exit(1);
                break;
            case "hold-after":
                folder.WaitFor(fault.Text);
                break;
        }

        return result;
    }

    private static string? Text(JsonObject arguments, string name) =>
        arguments[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double Number(JsonObject arguments, string name, double otherwise) =>
        arguments[name] is JsonValue value && value.TryGetValue(out double number) ? number : otherwise;

    private string Do(string tool, JsonObject arguments) =>
        tool switch
        {
            "wait_for_message" => Wait(Math.Clamp(Number(arguments, "timeout_secs", 60), 0, 300)),
            "inbox_peek" => inbox?.Peek((int)Number(arguments, "limit", 10)).ToJsonString() ?? NoInbox,
            "inbox_pop" => Pop(Text(arguments, "activity_id")),
            "send_message_to_user" => string.IsNullOrEmpty(Text(arguments, "message"))
                ? "Error: message is required"
                : Delivered(tool, arguments, "Message sent to user"),
            "delegate_task" => string.IsNullOrEmpty(Text(arguments, "workspace_id")) || string.IsNullOrEmpty(Text(arguments, "task"))
                ? "Error: workspace_id and task are required"
                : Delivered(tool, arguments, "[A2A_RESULT_FROM_PEER]\nthanks\n[/A2A_RESULT_FROM_PEER]"),
            _ => $"Unknown tool: {tool}",
        };

    private string Wait(double seconds) =>
        inbox is null
            ? NoInbox
            : inbox.Wait(TimeSpan.FromSeconds(seconds))?.ToJsonString()
                ?? new JsonObject { ["timeout"] = true, ["timeout_secs"] = seconds }.ToJsonString();

    private string Pop(string? activityId) =>
        inbox is null ? NoInbox
        : string.IsNullOrEmpty(activityId) ? "Error: activity_id is required."
        : new JsonObject { ["removed"] = inbox.Pop(activityId), ["activity_id"] = activityId }.ToJsonString();

    private string Delivered(string tool, JsonObject arguments, string result)
    {
        folder.Record(
            new JsonObject
            {
                ["event"] = "delivered",
                ["tool"] = tool,
                ["arguments"] = arguments.DeepClone(),
            }
        );
        return result;
    }
}
