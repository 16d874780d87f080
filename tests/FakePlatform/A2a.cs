using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule;

/// <summary>A2A's <c>message/send</c>.</summary>
internal static class A2a
{
    public static JsonObject Request(string text, string messageId) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = messageId,
            ["method"] = "message/send",
            ["params"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["role"] = "user",
                    ["messageId"] = messageId,
                    ["parts"] = new JsonArray(new JsonObject { ["kind"] = "text", ["text"] = text }),
                },
            },
        };

    /// <summary>Reads a request; what is wrong with it in JSON-RPC's words, if anything.</summary>
    public static string? Problem(JsonObject request, out string messageId, out string text)
    {
        (messageId, text) = ("", "");
        if (request["params"]?["message"] is not JsonObject message)
        {
            return "params.message is required";
        }

        if (message["role"]?.ToString() is not ("user" or "agent"))
        {
            return "message.role is required";
        }

        messageId = message["messageId"]?.ToString() ?? "";
        if (messageId.Length == 0 || message["parts"] is not JsonArray { Count: > 0 } parts)
        {
            return "message.messageId and message.parts are required";
        }

        text = string.Concat(
            parts
                .Where(part => part?["kind"]?.ToString() == "text" || part?["type"]?.ToString() == "text")
                .Select(part => part!["text"]?.ToString())
        );
        return null;
    }

    public static Answer Error(JsonObject request, int code, string message) =>
        Answer.Of(
            200,
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = request["id"]?.DeepClone(),
                ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
            }
        );
}
