using System.Text;
using System.Text.Json;
using Plexum.Codex.Approvals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// Reads the server's questions (measured on 0.169.0 and 0.171.0). The server counts them, and what it asks again after a lost connection
/// has the same number, so a number and the turn name a question.
/// </summary>
internal static class ServerQuestion
{
    // A person does not read more, and the activity of the item has it.
    private const int MaxDetail = 64 * 1024;

    /// <summary>The name of a question.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="requestId">The server's number of it.</param>
    public static ApprovalId IdOf(TurnId turn, JsonElement requestId) => ApprovalId.Of(turn, requestId.GetRawText());

    /// <summary>Reads a question; null if it is none for a person.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="activity">The activity of the item that it is about; null if that is not known.</param>
    public static ApprovalQuestion? Read(ApprovalId id, string method, JsonElement parameters, ReadOnlyMemory<byte>? activity)
    {
        var question = method switch
        {
            "item/commandExecution/requestApproval" => new ApprovalQuestion(id, ApprovalKind.Command)
            {
                Details = Details(("network", Raw(parameters, "networkApprovalContext"))),
            },
            "item/fileChange/requestApproval" => new ApprovalQuestion(id, ApprovalKind.FileChange)
            {
                Details = Details(("changes", ChangesOf(activity)), ("grant_root", Raw(parameters, "grantRoot"))),
            },
            "item/permissions/requestApproval" => new ApprovalQuestion(id, ApprovalKind.Permissions)
            {
                Details = Details(("permissions", Raw(parameters, "permissions"))),
            },
            "item/tool/requestUserInput" => new ApprovalQuestion(id, ApprovalKind.UserInput)
            {
                Details = Details(("questions", Raw(parameters, "questions"))),
                Reason = string.Join('\n', parameters.ListOf("questions").Select(asked => asked.TextOf("question"))),
            },
            "mcpServer/elicitation/request" => OfServer(id, parameters),
            _ => null,
        };
        return question is null
            ? null
            : question with
            {
                Item = TextOrNull(parameters, "itemId"),
                Command = TextOrNull(parameters, "command"),
                Cwd = TextOrNull(parameters, "cwd"),
                Reason = question.Reason ?? TextOrNull(parameters, "reason"),
            };
    }

    // Codex asks whether it may call a tool as if the tool's server did.
    private static ApprovalQuestion OfServer(ApprovalId id, JsonElement parameters)
    {
        var (server, reason) = (Raw(parameters, "serverName"), parameters.TextOf("message"));
        return parameters.ObjectOf("_meta") is { } about && about.TextOf("codex_approval_kind") == "mcp_tool_call"
            ? new ApprovalQuestion(id, ApprovalKind.Tool)
            {
                Reason = reason,
                Details = Details(("server", server), ("tool", Raw(about, "tool_name")), ("arguments", Raw(about, "tool_params"))),
            }
            : new ApprovalQuestion(id, ApprovalKind.Elicitation)
            {
                Reason = reason,
                Details = Details(("server", server), ("schema", Raw(parameters, "requestedSchema")), ("url", Raw(parameters, "url"))),
            };
    }

    private static string? ChangesOf(ReadOnlyMemory<byte>? activity)
    {
        if (activity is not { } item)
        {
            return null;
        }

        using var document = JsonDocument.Parse(item);
        return Raw(document.RootElement, "changes");
    }

    private static string? Details(params ReadOnlySpan<(string Name, string? Json)> fields)
    {
        var text = new StringBuilder("{");
        foreach (var (name, json) in fields)
        {
            if (json is not null)
            {
                text.Append(text.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(json);
            }
        }

        return text.Length == 1 ? null : text.Append('}').ToString();
    }

    // A line feed stands between values only, never in one.
    private static string? Raw(JsonElement parent, string name)
    {
        if (
            parent.ValueKind != JsonValueKind.Object
            || !parent.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null
        )
        {
            return null;
        }

        var json = value.GetRawText().Replace('\n', ' ').Replace('\r', ' ');
        return json.Length <= MaxDetail ? json : "\"(too long)\"";
    }

    private static string? TextOrNull(JsonElement parent, string name) => parent.TextOf(name) is { Length: > 0 } text ? text : null;
}
