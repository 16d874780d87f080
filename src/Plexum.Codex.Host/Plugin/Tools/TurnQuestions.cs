using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// The result of a call of <c>codex_turn</c> whose turn waits for an answer. Whoever called can give it only once the call has returned.
/// </summary>
internal static class TurnQuestions
{
    /// <summary>The questions of a turn that wait now; none if that one does not wait any more.</summary>
    /// <param name="client">The daemon.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="asked">A question that was read of.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async Task<ImmutableArray<ApprovalDocument>> FindAsync(
        DaemonClient client,
        TurnId turn,
        ApprovalId asked,
        CancellationToken cancellationToken
    )
    {
        var open = await client.ApprovalsAsync(cancellationToken).ConfigureAwait(false);
        return open.Any(one => one.TurnId == turn.Value && one.Id == asked.Value) ? [.. open.Where(one => one.TurnId == turn.Value)] : [];
    }

    /// <summary>The result of the call.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="open">Its questions; at least one.</param>
    /// <param name="told">What there is to say about the request, as sentences.</param>
    public static CallToolResult ToAnswer(TurnId turn, ImmutableArray<ApprovalDocument> open, ImmutableArray<string> told)
    {
        var questions = JsonSerializer.SerializeToNode(new ApprovalsDocument(open), ApiJson.Default.ApprovalsDocument)!.AsObject();
        var structured = new JsonObject
        {
            ["turn_id"] = turn.Value,
            ["agent_id"] = open[0].AgentId,
            ["status"] = "waiting",
            ["approvals"] = questions["approvals"]!.DeepClone(),
            ["notices"] = new JsonArray([.. told.Select(sentence => JsonValue.Create(sentence))]),
        };
        var text =
            $"The turn {turn} waits for an answer.\n\n{string.Join("\n\n", open.Select(ApproveTool.Describe))}\n\n"
            + $"Answer with codex_approve what the user wants, then call codex_turn with \"turn\": \"{turn}\" to wait for its answer.";
        return ToolAnswer.Of(text, JsonSerializer.SerializeToElement(structured));
    }
}
