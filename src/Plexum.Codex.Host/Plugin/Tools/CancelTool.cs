using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_cancel</c>: cancels a turn, or all queued and running turns of an agent.</summary>
internal sealed class CancelTool(PluginDaemon daemon) : ICodexTool
{
    private const int MaxTurns = 1000;

    public Tool Definition { get; } =
        new()
        {
            Name = "codex_cancel",
            Title = "codex: cancel",
            Description =
                "Cancels a turn or, given an agent, all of its running and queued turns. codex is asked to stop and is killed if it "
                + "does not; the agent's thread stays usable. The answer gives the actual outcome for each turn.",
            InputSchema = ToolAnswer.Json(
                """{"type":"object","properties":{"turn":{"type":"string","description":"The turn's id, as returned by codex_turn."}"""
                    + ""","agent":{"type":"string","description":"The agent whose turns to cancel, if no turn is given."}"""
                    + ""","force":{"type":"boolean","default":false"""
                    + ""","description":"Kill codex at once; its thread may lack the latest work."}"""
                    + """},"additionalProperties":false}"""
            ),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","required":["cancelled"],"properties":{"cancelled":{"type":"array","items":"""
                    + """{"type":"object","required":["turn_id","outcome"],"properties":{"turn_id":{"type":"string"}"""
                    + ""","outcome":{"enum":["dequeued","stopping","killed","ending","ended"]}}}}}}"""
            ),
            Annotations = new ToolAnnotations
            {
                DestructiveHint = true,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        var force = input.Only("turn", "agent", "force").Flag("force");
        var turn = input.Turn();
        var agent = turn is null
            ? input.AgentIfAny() ?? throw new CodexException("codex_cancel needs the argument \"turn\" or \"agent\".")
            : default;
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var turns = turn is { } one ? [one] : await OpenTurnsAsync(client, agent, cancellationToken).ConfigureAwait(false);
        var cancelled = new JsonArray();
        foreach (var id in turns)
        {
            // The ledger is updated slightly late, so a listed turn may have ended already; leave it out.
            var done = await client.CancelAsync(id, force, cancellationToken).ConfigureAwait(false);
            if (turn is not null || done.Outcome != CancelResult.Ended)
            {
                cancelled.Add(JsonSerializer.SerializeToNode(done, ApiJson.Default.CancelDocument));
            }
        }

        var text =
            cancelled.Count == 0
                ? $"{agent} has no running or queued turn."
                : string.Join('\n', cancelled.Select(done => $"{(string)done!["turn_id"]!}: {(string)done["outcome"]!}"));
        return ToolAnswer.Of(text, JsonSerializer.SerializeToElement(new JsonObject { ["cancelled"] = cancelled }));
    }

    // Queued turns first, so that none of them starts when the running one ends.
    private static async Task<List<TurnId>> OpenTurnsAsync(DaemonClient client, AgentId agent, CancellationToken cancellationToken)
    {
        var turns = new List<TurnId>();
        foreach (var state in new[] { TurnState.Queued, TurnState.Running })
        {
            var page = await client.TurnsAsync(agent, state, MaxTurns, cancellationToken).ConfigureAwait(false);
            turns.AddRange(page.Turns.Select(entry => TurnId.Parse(entry.TurnId)));
        }

        return [.. turns.Distinct()];
    }
}
