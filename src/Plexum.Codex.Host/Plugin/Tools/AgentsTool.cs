using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_agents</c>: lists the agents.</summary>
internal sealed class AgentsTool(PluginDaemon daemon) : ICodexTool
{
    public Tool Definition { get; } =
        new()
        {
            Name = "codex_agents",
            Title = "codex: agents",
            Description =
                "Lists the agents that have had a turn, with their workspaces and threads, the number of queued, running and ended "
                + "turns, and the tokens used.",
            InputSchema = ToolAnswer.Json("""{"type":"object","properties":{},"additionalProperties":false}"""),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","required":["agents"],"properties":{"agents":{"type":"array","items":"""
                    + """{"type":"object","required":["agent_id","queued","running","ended","failed"],"properties":"""
                    + """{"agent_id":{"type":"string"},"workspace":{"type":"string"},"thread_id":{"type":"string"}"""
                    + ""","queued":{"type":"integer"},"running":{"type":"integer"},"ended":{"type":"integer"}"""
                    + ""","failed":{"type":"integer"}}}}}}"""
            ),
            Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
        };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        input.Only();
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var agents = await client.AgentsAsync(cancellationToken).ConfigureAwait(false);
        var text = new StringBuilder();
        foreach (var agent in agents.Agents)
        {
            text.Append(agent.AgentId)
                .Append(
                    agent.Running > 0 ? ": running"
                    : agent.Queued > 0 ? ": queued"
                    : ": idle"
                )
                .Append(CultureInfo.InvariantCulture, $", {agent.Ended} turns ended ({agent.Failed} failed), {agent.Queued} queued")
                .Append(agent.Workspace is null ? "" : $", workspace {agent.Workspace}")
                .Append('\n');
        }

        return ToolAnswer.Of(
            text.Length == 0 ? "No agent has had a turn yet; codex_turn creates one." : text.ToString().TrimEnd(),
            JsonSerializer.SerializeToElement(agents, ApiJson.Default.AgentsDocument)
        );
    }
}
