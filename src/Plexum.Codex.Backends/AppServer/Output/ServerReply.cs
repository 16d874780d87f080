using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// Writes answers to the server's questions (measured on 0.169.0 and 0.171.0). After a no the model reads <c>rejected by user</c> and the
/// turn goes on. Codex has a no that ends the turn for commands and files only, so this program interrupts the turn instead.
/// </summary>
internal static class ServerReply
{
    /// <summary>The result of the server's request.</summary>
    public static JsonObject Of(ApprovalQuestion question, ApprovalAnswer answer) =>
        question.Kind switch
        {
            ApprovalKind.Command or ApprovalKind.FileChange => new JsonObject { ["decision"] = NameOf(answer.Decision) },
            ApprovalKind.Permissions => OfPermissions(question, answer.Decision),
            ApprovalKind.UserInput => new JsonObject
            {
                ["answers"] = answer.Decision.Allows() ? Answers(answer.Content) : new JsonObject(),
            },
            _ => OfServer(question, answer),
        };

    private static string NameOf(ApprovalDecision decision) =>
        decision switch
        {
            ApprovalDecision.Accept => "accept",
            ApprovalDecision.AcceptForSession => "acceptForSession",
            _ => "decline",
        };

    private static JsonObject OfPermissions(ApprovalQuestion question, ApprovalDecision decision) =>
        new()
        {
            ["permissions"] =
                decision.Allows() && Object(question.Details)?["permissions"] is JsonObject asked ? asked.DeepClone() : new JsonObject(),
            ["scope"] = decision == ApprovalDecision.AcceptForSession ? "session" : "turn",
        };

    private static JsonObject OfServer(ApprovalQuestion question, ApprovalAnswer answer)
    {
        if (!answer.Decision.Allows())
        {
            return new JsonObject { ["action"] = "decline" };
        }

        var reply = new JsonObject { ["action"] = "accept", ["content"] = Object(answer.Content) ?? new JsonObject() };
        if (question.Kind == ApprovalKind.Tool && answer.Decision == ApprovalDecision.AcceptForSession)
        {
            reply["_meta"] = new JsonObject { ["persist"] = "session" };
        }

        return reply;
    }

    private static JsonObject Answers(string? content)
    {
        var answers = new JsonObject();
        foreach (var (id, given) in Object(content) ?? [])
        {
            var list = given is JsonArray several ? several.DeepClone() : new JsonArray(given?.DeepClone());
            answers[id] = new JsonObject { ["answers"] = list };
        }

        return answers;
    }

    private static JsonObject? Object(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
