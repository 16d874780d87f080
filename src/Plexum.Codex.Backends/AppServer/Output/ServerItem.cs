using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Output;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// Gives an item of the server the shape that <c>codex exec --json</c> gives the same item, so that readers need to know one only. A file
/// change has its diffs besides, and an id is the model's own <c>call_…</c> where exec counts (measured on 0.169.0 and 0.171.0).
/// </summary>
internal static class ServerItem
{
    private const string Command = "commandExecution";

    // Exec does not print them, and they say nothing about the work.
    private static readonly FrozenSet<string> LeftOut = FrozenSet.Create(
        StringComparer.Ordinal,
        "appContext",
        "completedAtMs",
        "durationMs",
        "environmentId",
        "mcpAppResourceUri",
        "mcpAppUi",
        "pluginId",
        "readOnlyHint",
        "startedAtMs"
    );

    private static readonly FrozenSet<string> Work = FrozenSet.Create(
        StringComparer.Ordinal,
        Command,
        "collabAgentToolCall",
        "dynamicToolCall",
        "fileChange",
        "imageGeneration",
        "imageView",
        "mcpToolCall",
        "sleep",
        "subAgentActivity",
        "webSearch"
    );

    private static readonly FrozenSet<string> Other = FrozenSet.Create(
        StringComparer.Ordinal,
        "contextCompaction",
        "enteredReviewMode",
        "exitedReviewMode",
        "plan"
    );

    /// <summary>Whether an item of this type is work, after which the model has to say something more.</summary>
    public static bool IsWork(string type) => Work.Contains(type);

    /// <summary>Whether an item is a command.</summary>
    public static bool IsCommand(JsonElement item) => item.TextOf("type") == Command;

    /// <summary>Whether an item is about sub-agents.</summary>
    public static bool IsOfAgents(JsonElement item) => item.TextOf("type") is "collabAgentToolCall" or "subAgentActivity";

    /// <summary>The item as exec has it; one of an unknown type as it is.</summary>
    /// <param name="item">The item.</param>
    /// <param name="output">The output of a command so far; null for the one in the item.</param>
    public static byte[] ToActivity(JsonElement item, string? output = null)
    {
        var type = item.TextOf("type");
        if (!Work.Contains(type) && !Other.Contains(type))
        {
            return ActivityItem.Capture(JsonMarshal.GetRawUtf8Value(item));
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, item.TextOf("id"));
            json.WriteString("type"u8, NameOf(type, item));
            if (type == Command)
            {
                WriteCommand(json, item, output);
            }
            else if (HostToolItem.Is(item))
            {
                HostToolItem.Write(json, item);
            }
            else
            {
                WriteFields(json, item);
            }

            json.WriteEndObject();
        }

        return ActivityItem.Capture(buffer.WrittenSpan);
    }

    /// <summary>A file change whose changes became others while the model wrote them.</summary>
    public static byte[] ToChanging(string id, JsonElement parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "file_change"u8);
            WriteChanges(json, parameters);
            json.WriteString("status"u8, "in_progress"u8);
            json.WriteEndObject();
        }

        return ActivityItem.Capture(buffer.WrittenSpan);
    }

    /// <summary>The changes of a file change in whole, which an activity may shorten: a list in JSON, on one line.</summary>
    /// <param name="item">The item, or what the server says of its changes.</param>
    public static string ToChanges(JsonElement item)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            json.WriteStartArray();
            WriteEach(json, item);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A plan of the turn, as exec's list of steps.</summary>
    public static byte[] ToSteps(JsonElement parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, "plan"u8);
            json.WriteString("type"u8, "todo_list"u8);
            json.WriteStartArray("items"u8);
            foreach (var step in parameters.ListOf("plan"))
            {
                json.WriteStartObject();
                json.WriteString("text"u8, step.TextOf("step"));
                json.WriteBoolean("completed"u8, step.TextOf("status") == "completed");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return ActivityItem.Capture(buffer.WrittenSpan);
    }

    private static string NameOf(string type, JsonElement item) =>
        type == "collabAgentToolCall" ? "collab_tool_call"
        : HostToolItem.Is(item) ? "mcp_tool_call"
        : SnakeCase.Of(type);

    private static void WriteCommand(Utf8JsonWriter json, JsonElement item, string? output)
    {
        json.WriteString("command"u8, item.TextOf("command"));
        json.WriteString("aggregated_output"u8, output ?? item.TextOf("aggregatedOutput"));
        json.WritePropertyName("exit_code"u8);
        if (item.TryGetProperty("exitCode", out var code) && code.ValueKind == JsonValueKind.Number)
        {
            WriteRaw(json, code);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("status"u8, SnakeCase.Of(item.TextOf("status")));
    }

    private static void WriteFields(Utf8JsonWriter json, JsonElement item)
    {
        foreach (var field in item.EnumerateObject())
        {
            if (field.Name is "id" or "type" || LeftOut.Contains(field.Name) || field.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (field.NameEquals("changes"u8))
            {
                WriteChanges(json, item);
            }
            else if (field.Name is "status" or "tool" && field.Value.ValueKind == JsonValueKind.String)
            {
                WriteName(json, item, field);
            }
            else
            {
                json.WritePropertyName(SnakeCase.Of(field.Name));
                WriteRaw(json, field.Value);
            }
        }
    }

    // The tool of another item is a name that somebody gave it.
    private static void WriteName(Utf8JsonWriter json, JsonElement item, JsonProperty field)
    {
        var text = JsonFields.Decode(field.Value);
        var isCodexs = field.Name == "status" || item.TextOf("type") == "collabAgentToolCall";
        json.WriteString(field.Name, isCodexs ? SnakeCase.Of(text) : text);
    }

    private static void WriteChanges(Utf8JsonWriter json, JsonElement item)
    {
        json.WriteStartArray("changes"u8);
        WriteEach(json, item);
        json.WriteEndArray();
    }

    private static void WriteEach(Utf8JsonWriter json, JsonElement item)
    {
        foreach (var change in item.ListOf("changes"))
        {
            var kind = change.ObjectOf("kind");
            json.WriteStartObject();
            json.WriteString("path"u8, change.TextOf("path"));
            json.WriteString("kind"u8, kind is { } known ? known.TextOf("type") : change.TextOf("kind"));
            if (kind?.TextOf("move_path") is { Length: > 0 } target)
            {
                json.WriteString("move_path"u8, target);
            }

            json.WriteString("diff"u8, change.TextOf("diff"));
            json.WriteEndObject();
        }
    }

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
