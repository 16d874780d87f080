using System.Collections.Immutable;
using Newtonsoft.Json;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>Writes the document of a turn.</summary>
internal static class TurnRequestWriter
{
    public static void Write(JsonTextWriter json, TurnRequest request, string? idempotencyKey)
    {
        json.WriteStartObject();
        WriteText(json, "workspace", request.Workspace);
        WriteText(json, "model", request.Model);
        json.WritePropertyName("messages");
        json.WriteStartArray();
        foreach (var message in OrEmpty(request.Messages))
        {
            WriteMessage(json, message);
        }

        json.WriteEndArray();
        WriteTools(json, OrEmpty(request.Tools));
        if (request.Timeout is { } timeout)
        {
            json.WritePropertyName("timeout_ms");
            json.WriteValue((long)Math.Ceiling(timeout.TotalMilliseconds));
        }

        if (request.NewThread)
        {
            json.WritePropertyName("new_thread");
            json.WriteValue(true);
        }

        WriteText(json, "sandbox", request.Sandbox?.ToWireName());
        WriteOptions(json, request.Options);
        WriteText(json, "idempotency_key", idempotencyKey);
        json.WriteEndObject();
    }

    private static void WriteOptions(JsonTextWriter json, TurnOptions options)
    {
        WriteText(json, "backend", options.Backend?.ToWireName());
        WriteText(json, "approvals", options.Approvals?.ToWireName());
        WriteText(json, "effort", options.Effort);
        WriteText(json, "developer_instructions", options.DeveloperInstructions);
        if (options.OutputSchema is not null)
        {
            json.WritePropertyName("output_schema");
            json.WriteRawValue(options.OutputSchema);
        }
    }

    private static void WriteMessage(JsonTextWriter json, TurnMessage message)
    {
        json.WriteStartObject();
        WriteText(json, "role", NameOf(message.Role));
        json.WritePropertyName("content");
        json.WriteStartArray();
        foreach (var block in OrEmpty(message.Content))
        {
            WriteBlock(json, block);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBlock(JsonTextWriter json, ContentBlock block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case ContentBlock.Text text:
                WriteText(json, "type", "text");
                WriteText(json, "text", text.Value);
                break;
            case ContentBlock.Image image:
                WriteText(json, "type", "image");
                WriteText(json, "media_type", image.MediaType);
                WriteText(json, "base64", image.Base64);
                WriteText(json, "path", image.Path);
                WriteText(json, "url", image.Url);
                break;
            case ContentBlock.Other other:
                WriteText(json, "type", other.Type);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteTools(JsonTextWriter json, ImmutableArray<ToolDefinition> tools)
    {
        if (tools.IsEmpty)
        {
            return;
        }

        json.WritePropertyName("tools");
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            WriteText(json, "name", tool.Name);
            WriteText(json, "description", tool.Description);
            if (tool.InputSchema is not null)
            {
                json.WritePropertyName("inputSchema");
                json.WriteRawValue(tool.InputSchema);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(JsonTextWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteValue(value);
        }
    }

    private static string NameOf(MessageRole role) =>
        role switch
        {
            MessageRole.System => "system",
            MessageRole.User => "user",
            MessageRole.Assistant => "assistant",
            _ => "tool",
        };

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
