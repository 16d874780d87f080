using System.Text.Json;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_steer</c>: adds a text to a running turn.</summary>
internal sealed class SteerTool(PluginDaemon daemon) : ICodexTool
{
    public Tool Definition { get; } =
        new()
        {
            Name = "codex_steer",
            Title = "codex: steer",
            Description =
                "Says something to a running turn; codex sees it before it goes on, and the turn continues. It is refused if the turn "
                + "does not run, or is run by codex exec, which takes no text while it runs: submit a turn with codex_turn instead.",
            InputSchema = ToolAnswer.Json(
                """{"type":"object","required":["turn","text"],"properties":"""
                    + """{"turn":{"type":"string","description":"The turn's id, as returned by codex_turn."}"""
                    + ""","text":{"type":"string","minLength":1,"description":"What to say."}},"additionalProperties":false}"""
            ),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","required":["turn_id","outcome"],"properties":{"turn_id":{"type":"string"}"""
                    + ""","outcome":{"enum":["accepted"]}}}"""
            ),
            Annotations = new ToolAnnotations { DestructiveHint = true, OpenWorldHint = true },
        };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        var turn = input.Only("turn", "text").Turn() ?? throw new CodexException("codex_steer needs the argument \"turn\".");
        var text = input.Text("text");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new CodexException("codex_steer needs the argument \"text\": what to say.");
        }

        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var answer = await client.SteerAsync(turn, text, cancellationToken).ConfigureAwait(false);
        return ToolAnswer.Of(
            $"The turn {answer.TurnId} has it; codex sees it before it goes on.",
            JsonSerializer.SerializeToElement(answer, ApiJson.Default.SteerDocument)
        );
    }
}
