using System.Collections.Immutable;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Rollouts;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_consume</c>: takes tool calls out of an agent's thread.</summary>
internal sealed class ConsumeTool(PluginDaemon daemon) : ICodexTool
{
    public Tool Definition { get; } = new()
    {
        Name = "codex_consume",
        Title = "codex: consume tool calls",
        Description = "Takes finished tool calls out of what an agent's model is given again in later turns, which makes its thread shorter. It waits for the agent's turns that stand before it. What was taken out does not come back.",
        InputSchema = ToolAnswer.Json("""{"type":"object","required":["mutations"],"properties":{"agent":{"type":"string","description":"The agent."},"workspace":{"type":"string","description":"The absolute path of the agent's workspace, where it is not its own in the profile."},"mutations":{"type":"array","items":{"type":"object","required":["block_id","op"],"properties":{"block_id":{"type":"string","description":"The id of the call, as the turn's tool_call events have it."},"op":{"enum":["consume-light","consume-heavy"],"description":"consume-light takes the output out, consume-heavy the arguments too."}}}}},"additionalProperties":false}"""),
        OutputSchema = ToolAnswer.Json("""{"type":"object","required":["touched","requested"],"properties":{"touched":{"type":"integer","description":"How many of the calls were found."},"requested":{"type":"integer"},"warnings":{"type":"array","items":{"type":"string"}}}}"""),
        Annotations = new ToolAnnotations { DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        var agent = input.Only("agent", "workspace", "mutations").Agent();
        var workspace = input.Text("workspace");
        var mutations = input.Objects("mutations").Select(Read).ToImmutableArray();
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var done = await client.ConsumeAsync(agent, workspace, mutations, cancellationToken).ConfigureAwait(false);
        var text = FormattableString.Invariant($"{done.Touched} of {done.Requested} calls are consumed.");
        return ToolAnswer.Of(
            string.Join('\n', done.Warnings.Prepend(text)), JsonSerializer.SerializeToElement(done, ApiJson.Default.ConsumeDocument));
    }

    private static RolloutMutation Read(JsonElement mutation) => new(Text(mutation, "block_id"), Text(mutation, "op"));

    private static string Text(JsonElement mutation, string name) => mutation.TryGetProperty(name, out var value) && RpcText.TryGet(value) is { } text
        ? text
        : throw new CodexException($"Each of the mutations of codex_consume needs \"{name}\", a string.");
}
