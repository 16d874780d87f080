using System.Collections.Immutable;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary><c>codex_consume</c>: consumes tool calls in an agent's thread.</summary>
internal sealed class ConsumeTool(PluginDaemon daemon) : ICodexTool
{
    public Tool Definition { get; } =
        new()
        {
            Name = "codex_consume",
            Title = "codex: consume tool calls",
            Description =
                "Removes the content of finished tool calls from an agent's thread, so that the model no longer receives it in later "
                + "turns and the thread gets shorter. Waits for the agent's earlier turns. The removal cannot be undone.",
            InputSchema = ToolAnswer.Json(
                """{"type":"object","required":["mutations"],"properties":{"agent":{"type":"string","description":"The agent."}"""
                    + ""","workspace":{"type":"string","description":"The absolute path of the agent's workspace, """
                    + """if it is not the default one in the profile."}"""
                    + ""","mutations":{"type":"array","items":{"type":"object","required":["block_id","op"],"properties":"""
                    + """{"block_id":{"type":"string","description":"The id of the call, from the turn's tool_call event."}"""
                    + ""","op":{"enum":["consume-light","consume-heavy"]"""
                    + ""","description":"consume-light removes the output, consume-heavy the arguments too."}}}}}"""
                    + ""","additionalProperties":false}"""
            ),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","required":["touched","requested"],"properties":"""
                    + """{"touched":{"type":"integer","description":"How many of the calls were found."}"""
                    + ""","requested":{"type":"integer"},"warnings":{"type":"array","items":{"type":"string"}}}}"""
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
        var agent = input.Only("agent", "workspace", "mutations").Agent();
        var workspace = input.Text("workspace");
        var toConsume = input.Objects("mutations").Select(Read).ToImmutableArray();
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        var done = await client.ConsumeAsync(agent, workspace, toConsume, cancellationToken).ConfigureAwait(false);
        var text = FormattableString.Invariant($"{done.Touched} of {done.Requested} calls are consumed.");
        return ToolAnswer.Of(
            string.Join('\n', done.Warnings.Prepend(text)),
            JsonSerializer.SerializeToElement(done, ApiJson.Default.ConsumeDocument)
        );
    }

    private static CallToConsume Read(JsonElement one) => new(Text(one, "block_id"), Text(one, "op"));

    private static string Text(JsonElement one, string name) =>
        one.TryGetProperty(name, out var value) && RpcText.TryGet(value) is { } text
            ? text
            : throw new CodexException($"Each item of \"mutations\" of codex_consume needs \"{name}\", a string.");
}
