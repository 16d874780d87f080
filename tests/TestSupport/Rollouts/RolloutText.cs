using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plexum.Codex.TestSupport.Rollouts;

/// <summary>Lines as codex 0.169.0 writes them into a rollout.</summary>
internal static class RolloutText
{
    private static readonly JsonSerializerOptions AsCodex = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Message =
        """{"timestamp":"2026-11-20T22:06:00.206Z","ordinal":7"""
        + ""","type":"response_item","payload":{"type":"message","id":"msg_1","role":"user","content":"""
        + """[{"type":"input_text","text":"about \"call_id\":\"call_1\" and {\"type\":\"function_call_output\"}"}]}}""";

    public static string Call(string id, string arguments, string type = "function_call") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"timestamp":"2026-11-20T22:06:00.485Z","ordinal":9,"type":"response_item","payload":"""
                + $"{{\"type\":\"{type}\",\"id\":\"fc_1\",\"name\":\"exec_command\","
                + $"\"{(type == "custom_tool_call" ? "input" : "arguments")}\":{Json(arguments)}"
                + $$$""","call_id":{{{Json(id)}}}"""
                + $$$""","internal_chat_message_metadata_passthrough":{"turn_id":"t"}},"metadata":{"history_sequence":4}}"""
        );

    public static string Output(string id, string output, string type = "function_call_output") => OutputJson(id, Json(output), type);

    public static string OutputJson(string id, string output, string type = "function_call_output") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"timestamp":"2026-11-20T22:06:00.574Z","ordinal":12,"type":"response_item","payload":"""
                + $$$"""{"type":"{{{type}}}","id":"fco_1","call_id":{{{Json(id)}}},"output":{{{output}}}"""
                + $$$""","internal_chat_message_metadata_passthrough":{"turn_id":"t"}},"metadata":{"history_sequence":5}}"""
        );

    /// <summary>The copy of an output that is for people.</summary>
    public static string ItemCompleted(string id, string output) =>
        """{"timestamp":"2026-11-20T22:06:00.573Z","ordinal":11"""
        + $$$""","type":"event_msg","payload":{"type":"item_completed","call_id":{{{Json(id)}}}"""
        + $$$""","item":{"type":"CommandExecution","id":{{{Json(id)}}},"output":{{{Json(output)}}} } } }""";

    public static string Json(string text) => JsonSerializer.Serialize(text, AsCodex);
}
