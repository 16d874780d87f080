using System.Text.Json;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Approvals;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_approve</c>: lists what codex asks, or answers one question.</summary>
internal sealed class ApproveTool(PluginDaemon daemon) : ICodexTool
{
    public Tool Definition { get; } =
        new()
        {
            Name = "codex_approve",
            Title = "codex: approve",
            Description =
                "Lists what codex asks and waits for, or answers one of the questions. What is accepted may run outside codex's sandbox: "
                + "accept only what the user wants. A question with \"cut\" can only be declined.",
            InputSchema = ToolAnswer.Json(
                """{"type":"object","properties":{"approval":{"type":"string","description":"The question's id; leave it out to list."}"""
                    + ""","decision":{"enum":["accept","accept_for_session","decline","cancel"]"""
                    + ""","description":"accept_for_session: also the same again; cancel: no, and the turn ends."}"""
                    + ""","answers":{"type":"object","description":"With accept, where words are asked for: by the id of each question, """
                    + """or the fields of the form."}},"additionalProperties":false}"""
            ),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","properties":{"approvals":{"type":"array","items":{"type":"object"}}"""
                    + ""","turn_id":{"type":"string"},"id":{"type":"string"},"decision":{"type":"string"},"by":{"type":"string"}}}"""
            ),
            Annotations = new ToolAnnotations { DestructiveHint = true, OpenWorldHint = false },
        };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        var (name, decided) = (input.Only("approval", "decision", "answers").Text("approval"), input.Text("decision"));
        if (name is null != decided is null)
        {
            throw new CodexException("codex_approve needs \"approval\" and \"decision\" to answer, or neither to list.");
        }

        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var open = await client.ApprovalsAsync(cancellationToken).ConfigureAwait(false);
        if (name is null)
        {
            var document = new ApprovalsDocument(open);
            var text = open.IsEmpty ? "codex asks nothing." : string.Join("\n\n", open.Select(Describe));
            return ToolAnswer.Of(text, JsonSerializer.SerializeToElement(document, ApiJson.Default.ApprovalsDocument));
        }

        if (!ApprovalDecisions.TryParse(decided, out var decision))
        {
            throw new CodexException($"\"{decided}\" is not a decision; it is one of {ApprovalDecisions.Names}.");
        }

        var asked = open.FirstOrDefault(one => one.Id == name)
            ?? throw new CodexException(
                $"codex does not ask \"{name}\" any more; call codex_approve without arguments to see what it asks."
            );
        var answered = await AnswerAsync(
                client,
                asked,
                new ApprovalAnswer(decision, input.Json("answers")?.GetRawText()),
                cancellationToken
            )
            .ConfigureAwait(false);
        return ToolAnswer.Of(
            $"{answered.Id}: {answered.Decision}. Call codex_turn with \"turn\": \"{answered.TurnId}\" to wait for the turn's answer.",
            JsonSerializer.SerializeToElement(answered, ApiJson.Default.ApprovalAnsweredDocument)
        );
    }

    private static Task<ApprovalAnsweredDocument> AnswerAsync(
        DaemonClient client,
        ApprovalDocument asked,
        ApprovalAnswer answer,
        CancellationToken cancellationToken
    ) =>
        ApprovalId.TryParse(asked.Id, out var id)
            ? client.ApproveAsync(TurnId.Parse(asked.TurnId), id, answer, cancellationToken)
            : throw new CodexException($"The question \"{asked.Id}\" is of another version of plexum-codex; restart the plugin.");

    /// <summary>A question in full, with whose it is.</summary>
    public static string Describe(ApprovalDocument asked) =>
        $"{(asked.ToQuestion() is { } question ? ApprovalTexts.Describe(question) : $"codex asks {asked.Id}: {asked.Kind}")}\n"
        + $"  agent {asked.AgentId}, turn {asked.TurnId}";
}
