using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Client;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// <c>codex_turn</c>: has an agent do something, and waits for its answer. A client that cancels the call cancels the turn that it has begun;
/// a turn whose client goes away goes on.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="end">Cancelled when this program ends, which cancels no turn.</param>
internal sealed class TurnTool(PluginDaemon daemon, CancellationToken end) : ICodexTool
{
    private static readonly TimeSpan s_cancelLimit = TimeSpan.FromSeconds(20);

    public Tool Definition { get; } = new()
    {
        Name = "codex_turn",
        Title = "codex: a turn",
        Description = "Has an agent of codex's do what the prompt says, and returns its answer. codex works in the agent's workspace, may run commands there and change files, and remembers the agent's earlier turns. Turns of one agent run one after the other. It may take minutes; ask for progress to see what happens. A call with the same idempotency_key, or with the turn's id instead of a prompt, does not run the turn again but waits for it and returns its answer.",
        InputSchema = ToolAnswer.Json("""{"type":"object","properties":{"agent":{"type":"string","description":"The agent's name: 1 to 64 letters, digits, dots, underscores or dashes. A name that is not known yet makes a new agent."},"prompt":{"type":"string","description":"What codex is to do."},"workspace":{"type":"string","description":"The absolute path of the directory that codex works in; the agent's own in the profile where it is left out."},"model":{"type":"string","description":"The model; codex chooses where it is left out."},"idempotency_key":{"type":"string","minLength":1,"maxLength":256,"description":"Your own name of this request: the same key for the same agent gives the same turn, however often it is sent."},"turn":{"type":"string","description":"Instead of a prompt: the id of a turn that was begun earlier, to wait for it and read its answer."},"wait":{"type":"boolean","default":true,"description":"false: return as soon as the turn is taken in, with its id."}},"additionalProperties":false}"""),
        OutputSchema = ToolAnswer.Json("""{"type":"object","required":["turn_id"],"properties":{"turn_id":{"type":"string"},"agent_id":{"type":"string"},"position":{"type":"integer","description":"How many turns of the agent go before it, where it was not waited for."},"stop_reason":{"enum":["end_turn","error","cancelled","timeout"]},"text":{"type":"string"},"thread_id":{"type":"string"},"duration_ms":{"type":"integer"},"tool_calls":{"type":"integer"},"usage":{"type":"object"},"error":{"type":"object"},"notices":{"type":"array","items":{"type":"string"}}}}"""),
        Annotations = new ToolAnnotations { DestructiveHint = true, OpenWorldHint = true },
    };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        input.Only("agent", "prompt", "workspace", "model", "idempotency_key", "turn", "wait");
        var (earlier, prompt) = (input.Turn(), input.Text("prompt"));
        if (earlier is null == prompt is null)
        {
            throw new CodexException("codex_turn needs the argument \"prompt\", or, to wait for a turn that was begun earlier, \"turn\", and not both.");
        }

        if (input.Text("idempotency_key") is { Length: 0 or > 256 })
        {
            throw new CodexException("The argument \"idempotency_key\" of codex_turn must have 1 to 256 characters.");
        }

        if (earlier is { } known)
        {
            return await ReadAsync(await daemon.ClientAsync(cancellationToken).ConfigureAwait(false), known, 0, progress, cancellationToken).ConfigureAwait(false);
        }

        return await BeginAsync(input, prompt!, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CallToolResult> BeginAsync(ToolInput input, string prompt, ToolProgress progress, CancellationToken cancellationToken)
    {
        var request = new TurnRequest(input.Agent(), input.Text("workspace"), input.Text("model"), [TurnMessage.User(prompt)]);
        var wait = input.Flag("wait", otherwise: true);
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);

        // Once it is on its way it may be taken in; a client that cancels meanwhile still means the turn.
        var accepted = await client.SubmitAsync(request, input.Text("idempotency_key") ?? $"mcp-{Guid.NewGuid():N}", end).ConfigureAwait(false);
        var id = TurnId.Parse(accepted.TurnId);
        if (!wait)
        {
            var structured = new JsonObject { ["turn_id"] = accepted.TurnId, ["agent_id"] = accepted.AgentId, ["position"] = accepted.Position };
            return ToolAnswer.Of(
                FormattableString.Invariant($"The turn {id} of {accepted.AgentId} is taken in; {accepted.Position} go before it. codex_turn with \"turn\": \"{id}\" waits for its answer."),
                JsonSerializer.SerializeToElement(structured));
        }

        try
        {
            await progress.TellAsync(0, () => FormattableString.Invariant($"The turn {id} is taken in; {accepted.Position} turns of {accepted.AgentId} go before it."), cancellationToken).ConfigureAwait(false);
            return await ReadAsync(client, id, 0, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !end.IsCancellationRequested)
        {
            await CancelAsync(client, id).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<CallToolResult> ReadAsync(DaemonClient client, TurnId id, long after, ToolProgress progress, CancellationToken cancellationToken)
    {
        var story = new TurnStory(id);
        await using var events = client.Read(id, after);
        while (await events.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (CanonicalJsonReader.TryRead(line.Json, out var seq, out var value))
            {
                story.Take(value);
                await progress.TellAsync(seq, () => TurnSentences.Of(value), cancellationToken).ConfigureAwait(false);
            }
        }

        return story.ToAnswer();
    }

    private static async Task CancelAsync(DaemonClient client, TurnId id)
    {
        using var limit = new CancellationTokenSource(s_cancelLimit);
        try
        {
            await client.CancelAsync(id, force: false, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CodexException or OperationCanceledException)
        {
            Log.Warning("plugin: the turn {Turn}, whose call was cancelled, goes on: {Reason}", id, e.Message);
        }
    }
}
