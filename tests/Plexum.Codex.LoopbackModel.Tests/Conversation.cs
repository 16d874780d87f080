using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Tests;

/// <summary>Builds requests as codex does: one thread, its items, the tools of a plain model.</summary>
internal sealed class Conversation
{
    private readonly JsonArray _input = [];

    public string ThreadId { get; init; } = "01a1fa64-9d52-74e3-b4e6-510263c8c59d";

    public string TurnId { get; init; } = "01a1fa64-9d72-7413-816f-cdc47df85fa6";

    public JsonArray Tools { get; } =
    [
        Tool("exec_command"),
        new JsonObject
        {
            ["type"] = "namespace",
            ["name"] = "mcp__plexum_host_alice",
            ["tools"] = new JsonArray(Tool("memory_get")),
        },
        new JsonObject { ["type"] = "custom", ["name"] = "apply_patch" },
        new JsonObject { ["type"] = "web_search" },
    ];

    public Conversation User(params string[] texts) => Message("user", "input_text", texts);

    public Conversation Assistant(string text) => Message("assistant", "output_text", text);

    public Conversation Environment() => User("<environment_context>\n  <cwd>/x</cwd>\n</environment_context>");

    public Conversation Call(string id, string name = "exec_command", string type = "function_call") =>
        Item(
            new JsonObject
            {
                ["type"] = type,
                ["call_id"] = id,
                ["name"] = name,
                ["arguments"] = "{}",
            }
        );

    public Conversation Output(string id, JsonNode output, string type = "function_call_output") =>
        Item(
            new JsonObject
            {
                ["type"] = type,
                ["call_id"] = id,
                ["output"] = output,
            }
        );

    public Conversation Item(JsonObject item)
    {
        _input.Add((JsonNode)item);
        return this;
    }

    public JsonObject Body() =>
        new()
        {
            ["model"] = "gpt-5",
            ["stream"] = true,
            ["input"] = _input.DeepClone(),
            ["tools"] = Tools.DeepClone(),
            ["prompt_cache_key"] = ThreadId,
            ["client_metadata"] = new JsonObject { ["thread_id"] = ThreadId, ["turn_id"] = TurnId },
            ["something_new"] = new JsonObject { ["of"] = "a later release" },
        };

    public static HttpContent Content(JsonNode body) => Content(body.ToJsonString());

    public static HttpContent Content(string body) =>
        new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private Conversation Message(string role, string kind, params string[] texts)
    {
        var content = new JsonArray();
        foreach (var text in texts)
        {
            content.Add((JsonNode)new JsonObject { ["type"] = kind, ["text"] = text });
        }

        return Item(
            new JsonObject
            {
                ["type"] = "message",
                ["role"] = role,
                ["content"] = content,
            }
        );
    }

    private static JsonObject Tool(string name) =>
        new()
        {
            ["type"] = "function",
            ["name"] = name,
            ["parameters"] = new JsonObject { ["type"] = "object" },
        };
}
