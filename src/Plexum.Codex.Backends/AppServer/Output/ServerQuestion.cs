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
    /// <summary>The name of a question.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="requestId">The server's number of it.</param>
    public static ApprovalId IdOf(TurnId turn, JsonElement requestId) => ApprovalId.Of(turn, requestId.GetRawText());

    /// <summary>Reads a question; null if it is none for a person.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="changes">The file changes that it is about, by <see cref="ServerItem.ToChanges"/>; null if they are not known.</param>
    public static ApprovalQuestion? Read(ApprovalId id, string method, JsonElement parameters, string? changes)
    {
        var details = new QuestionDetails();
        var question = method switch
        {
            "item/commandExecution/requestApproval" => OfCommand(id, parameters, details),
            "item/fileChange/requestApproval" => Of(
                id,
                ApprovalKind.FileChange,
                details.AddChanges(changes).Add("grant_root", parameters, "grantRoot")
            ),
            "item/permissions/requestApproval" => Of(id, ApprovalKind.Permissions, details.Add("permissions", parameters, "permissions")),
            "item/tool/requestUserInput" => Of(id, ApprovalKind.UserInput, details.Add("questions", parameters, "questions")) with
            {
                Reason = string.Join('\n', parameters.ListOf("questions").Select(asked => asked.TextOf("question"))),
            },
            "mcpServer/elicitation/request" => OfServer(id, parameters, details.Add("server", parameters, "serverName")),
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

    // Without a command, what it is about is the host that a command would reach.
    private static ApprovalQuestion OfCommand(ApprovalId id, JsonElement parameters, QuestionDetails details)
    {
        var question = Of(id, ApprovalKind.Command, details.Add("network", parameters, "networkApprovalContext"));
        return question with { IsCut = question.IsCut || (question.Details is null && TextOrNull(parameters, "command") is null) };
    }

    // Codex asks whether it may call a tool as if the tool's server did.
    private static ApprovalQuestion OfServer(ApprovalId id, JsonElement parameters, QuestionDetails details)
    {
        var question =
            parameters.ObjectOf("_meta") is { } about && about.TextOf("codex_approval_kind") == "mcp_tool_call"
                ? Of(id, ApprovalKind.Tool, details.Add("tool", about, "tool_name").Add("arguments", about, "tool_params"))
                : Of(id, ApprovalKind.Elicitation, details.Add("schema", parameters, "requestedSchema").Add("url", parameters, "url"));
        return question with { Reason = parameters.TextOf("message") };
    }

    private static ApprovalQuestion Of(ApprovalId id, ApprovalKind kind, QuestionDetails details) =>
        new(id, kind) { Details = details.Json, IsCut = details.IsCut };

    private static string? TextOrNull(JsonElement parent, string name) => parent.TextOf(name) is { Length: > 0 } text ? text : null;
}
