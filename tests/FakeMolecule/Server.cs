using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeMolecule;

/// <summary>The loop: one line, one answer, and only then the next line.</summary>
internal sealed class Server(WireOutput output, Tools tools)
{
    private static readonly string[] Tools =
    [
        "delegate_task",
        "delegate_task_async",
        "check_task_status",
        "list_peers",
        "get_workspace_info",
        "get_runtime_identity",
        "update_agent_card",
        "broadcast_message",
        "send_message_to_user",
        "wait_for_message",
        "inbox_peek",
        "inbox_pop",
        "chat_history",
        "commit_memory",
        "recall_memory",
    ];

    public int Run()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (input.ReadLine() is { } line)
        {
            if (Parse(line) is { } request && Answer(request) is { } answer)
            {
                answer["jsonrpc"] = "2.0";
                answer["id"] = request["id"]?.DeepClone();
                output.Write(answer);
            }
        }

        return 0;
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private JsonObject? Answer(JsonObject request) =>
        (string?)request["method"] switch
        {
            "initialize" => new JsonObject
            {
                ["result"] = new JsonObject
                {
                    ["protocolVersion"] = "2024-11-05",
                    ["capabilities"] = new JsonObject
                    {
                        ["tools"] = new JsonObject { ["listChanged"] = false },
                        ["experimental"] = new JsonObject { ["claude/channel"] = new JsonObject() },
                    },
                    ["serverInfo"] = new JsonObject { ["name"] = "molecule", ["version"] = "1.0.0" },
                    ["instructions"] = "Wait for messages and answer them.",
                },
            },
            "notifications/initialized" => null,
            "tools/list" => new JsonObject
            {
                ["result"] = new JsonObject
                {
                    ["tools"] = new JsonArray([
                        .. Tools.Select(name => new JsonObject
                        {
                            ["name"] = name,
                            ["inputSchema"] = new JsonObject { ["type"] = "object" },
                        }),
                    ]),
                },
            },
            "tools/call" => tools.Call(
                request["id"],
                (string?)request["params"]?["name"] ?? "",
                request["params"]?["arguments"] as JsonObject ?? []
            )
                is { } text
                ? new JsonObject
                {
                    ["result"] = new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) },
                }
                : null,
            var other => new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = -32601, ["message"] = $"Method not found: {other}" },
            },
        };
}
