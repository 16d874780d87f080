using System.Text.Json;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>What a rollout says, found by parsing every line whole and holding it all: slow, and plain enough to be believed.</summary>
internal sealed class ReferenceReading
{
    private readonly Dictionary<string, Call> _byId = [];

    public List<Call> Calls { get; } = [];

    public string? Error { get; private set; }

    public long? TotalInput { get; private set; }

    public static ReferenceReading Of(byte[] rollout)
    {
        var reading = new ReferenceReading();
        foreach (var line in Lines(rollout))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                reading.Take(json.RootElement);
            }
            catch (JsonException)
            {
                // A line that was torn or is something else.
            }
        }

        return reading;
    }

    private static IEnumerable<byte[]> Lines(byte[] rollout)
    {
        var start = 0;
        while (start < rollout.Length)
        {
            var end = Array.IndexOf(rollout, (byte)'\n', start);
            end = end < 0 ? rollout.Length : end;
            yield return rollout[start..end];
            start = end + 1;
        }
    }

    private void Take(JsonElement record)
    {
        if (
            record.ValueKind != JsonValueKind.Object
            || Text(record, "type") is not { } outer
            || !record.TryGetProperty("payload", out var payload)
            || payload.ValueKind != JsonValueKind.Object
        )
        {
            return;
        }

        switch (outer, Text(payload, "type"))
        {
            case ("response_item", "function_call"):
                Add(Text(payload, "call_id"), Text(payload, "name"), Text(payload, "namespace"), Text(payload, "arguments"));
                break;
            case ("response_item", "custom_tool_call"):
                Add(Text(payload, "call_id"), Text(payload, "name"), null, Text(payload, "input"));
                break;
            case ("response_item", "local_shell_call"):
                Add(Text(payload, "call_id") ?? Text(payload, "id"), "local_shell", null, payload.GetProperty("action").GetRawText());
                break;
            case ("response_item", "function_call_output" or "custom_tool_call_output"):
                if (_byId.TryGetValue(Text(payload, "call_id") ?? "", out var call) && call.Output is null)
                {
                    call.Output = Output(payload.GetProperty("output"));
                }

                break;
            case ("event_msg", "token_count"):
                if (payload.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object)
                {
                    TotalInput = info.GetProperty("total_token_usage").GetProperty("input_tokens").GetInt64();
                }

                break;
            case ("event_msg", "task_complete"):
                Error = payload.TryGetProperty("error", out var error) ? Text(error, "codex_error_info") : null;
                break;
            case ("event_msg", "item_completed"):
                var item = payload.GetProperty("item");
                if (
                    Text(item, "type") is "CommandExecution" or "McpToolCall"
                    && Text(item, "status") == "failed"
                    && _byId.TryGetValue(Text(item, "id") ?? "", out var failed)
                )
                {
                    failed.Failed = true;
                }

                break;
        }
    }

    private void Add(string? id, string? name, string? scope, string? arguments)
    {
        if (string.IsNullOrEmpty(id) || _byId.ContainsKey(id))
        {
            return;
        }

        var call = new Call(id, name ?? "", string.IsNullOrEmpty(scope) ? null : scope, arguments ?? "");
        _byId.Add(id, call);
        Calls.Add(call);
    }

    private static string Output(JsonElement output) =>
        output.ValueKind switch
        {
            JsonValueKind.String => output.GetString()!,
            JsonValueKind.Array => string.Join(
                '\n',
                output.EnumerateArray().Select(part => Text(part, "text")).Where(text => text is not null)
            ),
            JsonValueKind.Object => Output(output.GetProperty("content")),
            _ => "",
        };

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal sealed record Call(string Id, string Name, string? Namespace, string Arguments)
    {
        public string? Output { get; set; }

        public bool Failed { get; set; }
    }
}
