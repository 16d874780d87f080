using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Rollouts;

/// <summary>Rollouts of all that codex writes and of what it does not, in any order; the same for the same seed.</summary>
internal sealed class RandomRollout(int seed)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Pieces =
    [
        "plain ",
        "\"quoted\"",
        "\\",
        "\n",
        "\t",
        "é",
        "😀",
        "{\"type\":\"function_call\"}",
        "\u0001",
        "\r",
        "]",
    ];

    private readonly Random _random = new(seed);
    private int _ordinal;

    public byte[] Bytes()
    {
        using var bytes = new MemoryStream();
        var count = _random.Next(0, 40);
        for (var i = 0; i < count; i++)
        {
            bytes.Write(Line());
            if (i < count - 1 || _random.Next(4) > 0)
            {
                bytes.WriteByte((byte)'\n');
            }
        }

        return bytes.ToArray();
    }

    private byte[] Line() =>
        _random.Next(20) switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes("not json " + Text()),
            2 => Torn(Record("response_item", Call())),
            < 7 => Record("response_item", Call()),
            < 12 => Record("response_item", Output()),
            < 14 => Record("event_msg", Item()),
            14 => Record("event_msg", Tokens()),
            15 => Record("event_msg", End()),
            16 => Record("response_item", new JsonObject { ["type"] = "message", ["content"] = Text(5000) }),
            17 => Record(
                "compacted",
                new JsonObject
                {
                    ["type"] = "function_call",
                    ["call_id"] = Id(),
                    ["name"] = "no",
                }
            ),
            18 => Record("event_msg", Call()),
            _ => Record(
                "response_item",
                new JsonObject
                {
                    ["call_id"] = Id(),
                    ["name"] = "late",
                    ["arguments"] = "{}",
                    ["type"] = "function_call",
                }
            ),
        };

    private byte[] Record(string type, JsonObject payload)
    {
        var record = new JsonObject();
        if (_random.Next(10) > 0)
        {
            record["timestamp"] = "2026-02-03T10:00:00.123Z";
        }

        if (_random.Next(2) == 0)
        {
            record["ordinal"] = _ordinal++;
        }

        if (_random.Next(10) == 0)
        {
            record["payload"] = payload;
            record["type"] = type;
        }
        else
        {
            record["type"] = type;
            record["payload"] = payload;
        }

        return Encoding.UTF8.GetBytes(record.ToJsonString(_random.Next(2) == 0 ? Relaxed : JsonSerializerOptions.Default));
    }

    private byte[] Torn(byte[] line) => line[.._random.Next(line.Length)];

    private JsonObject Call() =>
        _random.Next(3) switch
        {
            0 => new JsonObject
            {
                ["type"] = "custom_tool_call",
                ["call_id"] = Id(),
                ["name"] = "apply_patch",
                ["input"] = Text(),
            },
            1 => new JsonObject
            {
                ["type"] = "local_shell_call",
                ["id"] = Id(),
                ["call_id"] = _random.Next(2) == 0 ? null : Id(),
                ["action"] = new JsonObject { ["command"] = Text() },
            },
            _ => new JsonObject
            {
                ["type"] = "function_call",
                ["name"] = Text(20),
                ["namespace"] = _random.Next(2) == 0 ? null : "mcp__x",
                ["arguments"] = Text(),
                ["call_id"] = Id(),
            },
        };

    private JsonObject Output() =>
        new()
        {
            ["type"] = _random.Next(2) == 0 ? "function_call_output" : "custom_tool_call_output",
            ["call_id"] = Id(),
            ["output"] = _random.Next(4) switch
            {
                0 => new JsonArray(
                    new JsonObject { ["type"] = "input_text", ["text"] = Text() },
                    new JsonObject { ["type"] = "input_image", ["image_url"] = "data:" },
                    new JsonObject { ["text"] = Text(), ["type"] = "input_text" }
                ),
                1 => new JsonObject { ["content"] = Text() },
                2 => null,
                _ => Text(),
            },
        };

    private JsonObject Item() =>
        new()
        {
            ["type"] = "item_completed",
            ["item"] = new JsonObject
            {
                ["type"] = _random.Next(3) switch
                {
                    0 => "CommandExecution",
                    1 => "McpToolCall",
                    _ => "AgentMessage",
                },
                ["id"] = Id(),
                ["arguments"] = new JsonObject { ["status"] = "failed" },
                ["status"] = _random.Next(2) == 0 ? "failed" : "completed",
                ["aggregated_output"] = Text(),
            },
        };

    private JsonObject Tokens() =>
        new()
        {
            ["type"] = "token_count",
            ["info"] =
                _random.Next(3) == 0
                    ? null
                    : new JsonObject { ["total_token_usage"] = new JsonObject { ["input_tokens"] = _random.Next() } },
        };

    private JsonObject End()
    {
        var end = new JsonObject { ["type"] = "task_complete", ["last_agent_message"] = Text() };
        if (_random.Next(2) == 0)
        {
            end["error"] = new JsonObject { ["message"] = Text(), ["codex_error_info"] = "usage_limit_exceeded" };
        }

        return end;
    }

    private string Id() => string.Create(CultureInfo.InvariantCulture, $"call_{_random.Next(8)}");

    private string Text(int most = 300)
    {
        var text = new StringBuilder();
        for (var length = _random.Next(most); text.Length < length; )
        {
            text.Append(Pieces[_random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }
}
