using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Given;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Serilog;
using ContentBlock = Plexum.Codex.Requests.ContentBlock;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// <c>codex_turn</c>: runs a turn of an agent and waits for its answer. Cancelling the call cancels the turn it started; if the client
/// disconnects, the turn continues.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="end">Cancelled when the plugin stops; this cancels no turn.</param>
internal sealed class TurnTool(PluginDaemon daemon, CancellationToken end) : ICodexTool
{
    private const string Images = "images";

    private static readonly string[] Options = ["backend", "approvals", "sandbox", "effort", "developer_instructions"];

    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(20);

    public Tool Definition { get; } =
        new()
        {
            Name = "codex_turn",
            Title = "codex: a turn",
            Description =
                "Gives the prompt to a codex agent and returns its answer. codex works in the agent's workspace, where it may run "
                + "commands and change files, and it remembers the agent's earlier turns. Turns of one agent run one after another. "
                + "A turn may take minutes; ask for progress to follow it. A call with the same idempotency_key, "
                + "or with the turn's id instead of a prompt, does not run the turn again: it waits for the turn and returns its answer. "
                + "If codex asks something first, the call returns the status waiting with the questions: answer with codex_approve, then "
                + "call again with the turn's id.",
            InputSchema = ToolAnswer.Json(
                """{"type":"object","properties":{"agent":{"type":"string","description":"The agent's name: """
                    + """1 to 64 letters, digits, dots, underscores or dashes. An unknown name creates a new agent."}"""
                    + ""","prompt":{"type":"string","description":"What codex should do."}"""
                    + ""","workspace":{"type":"string","description":"The absolute path of the directory that codex works in; """
                    + """by default the agent's own directory in the profile."}"""
                    + ""","model":{"type":"string","description":"The model; by default codex chooses."}"""
                    + ""","new_thread":{"type":"boolean","default":false"""
                    + ""","description":"true: codex begins anew and does not know the agent's earlier turns."}"""
                    + ""","backend":{"enum":["auto","exec","app-server"],"description":"What runs the turn: exec, a process of its own; """
                    + """app-server, a warm codex; by default the daemon's setting."}"""
                    + ""","approvals":{"enum":["never","on-request","untrusted"],"description":"When codex asks before it acts; """
                    + """the call returns then, and codex_approve answers. Needs the backend app-server."}"""
                    + ""","sandbox":{"enum":["none","workspace-write","read-only","inherit","confined"],"description":"What the model's """
                    + """commands may do in this turn; not more than the daemon's setting allows, which holds by default."}"""
                    + ""","images":{"type":"array","maxItems":16,"items":{"type":"string"},"description":"Absolute paths of images that """
                    + """the model looks at: PNG, JPEG, GIF or WebP in the workspace or in turns.image-roots."}"""
                    + ""","effort":{"type":"string","description":"The model's reasoning effort in codex's words: low, medium, high."}"""
                    + ""","developer_instructions":{"type":"string","maxLength":16384"""
                    + ""","description":"Instructions beside codex's own. They hold for a thread that begins with this turn."}"""
                    + ""","output_schema":{"type":"object","description":"A JSON schema that the answer follows."}"""
                    + ""","idempotency_key":{"type":"string","minLength":1,"maxLength":256"""
                    + ""","description":"A key that identifies the request: repeating the request with it returns the same turn."}"""
                    + ""","turn":{"type":"string","description":"Instead of a prompt: the id of an earlier turn to wait for."}"""
                    + ""","wait":{"type":"boolean","default":true,"description":"false: return the turn's id as soon as it is accepted."}"""
                    + """},"additionalProperties":false}"""
            ),
            OutputSchema = ToolAnswer.Json(
                """{"type":"object","required":["turn_id"],"properties":{"turn_id":{"type":"string"},"agent_id":{"type":"string"}"""
                    + ""","position":{"type":"integer","description":"How many turns of the agent are ahead of it, if wait is false."}"""
                    + ""","status":{"const":"waiting","description":"The turn has not ended: it waits for answers to approvals."}"""
                    + ""","approvals":{"type":"array","items":{"type":"object"},"description":"What codex asks, if it waits."}"""
                    + ""","stop_reason":{"enum":["end_turn","error","cancelled","timeout"]},"text":{"type":"string"}"""
                    + ""","thread_id":{"type":"string"},"duration_ms":{"type":"integer"},"tool_calls":{"type":"integer"}"""
                    + ""","backend":{"enum":["exec","app-server"],"description":"What ran the turn."}"""
                    + ""","usage":{"type":"object"},"error":{"type":"object"},"notices":{"type":"array","items":{"type":"string"}}}}"""
            ),
            Annotations = new ToolAnnotations { DestructiveHint = true, OpenWorldHint = true },
        };

    public async Task<CallToolResult> CallAsync(ToolInput input, ToolProgress progress, CancellationToken cancellationToken)
    {
        input.Only(
            "agent",
            "prompt",
            "workspace",
            "model",
            "new_thread",
            "backend",
            "approvals",
            "sandbox",
            Images,
            "effort",
            "developer_instructions",
            GivenOptions.Schema,
            "idempotency_key",
            "turn",
            "wait"
        );
        var (earlier, prompt) = (input.Turn(), input.Text("prompt"));
        if (earlier is null == prompt is null)
        {
            throw new CodexException("codex_turn needs the argument \"prompt\", or \"turn\" to wait for an earlier turn, and not both.");
        }

        if (input.Text("idempotency_key") is { Length: 0 or > 256 })
        {
            throw new CodexException("The argument \"idempotency_key\" of codex_turn must have 1 to 256 characters.");
        }

        if (earlier is { } known)
        {
            var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
            return await ReadAsync(client, known, [], progress, cancellationToken).ConfigureAwait(false);
        }

        return await BeginAsync(input, prompt!, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CallToolResult> BeginAsync(
        ToolInput input,
        string prompt,
        ToolProgress progress,
        CancellationToken cancellationToken
    )
    {
        var request = RequestOf(input, prompt);
        var wait = input.Flag("wait", otherwise: true);
        var client = await daemon.ClientAsync(cancellationToken).ConfigureAwait(false);
        (request, var told) = await daemon.ApplyAsync(client, request, cancellationToken).ConfigureAwait(false);

        // Not cancellable by the client: the daemon may accept the turn anyway, and its id is needed to cancel it.
        var accepted = await client
            .SubmitAsync(request, input.Text("idempotency_key") ?? $"mcp-{Guid.NewGuid():N}", end)
            .ConfigureAwait(false);
        var id = TurnId.Parse(accepted.TurnId);
        told = told.AddRange(accepted.Warnings ?? []);
        if (!wait)
        {
            var structured = new JsonObject
            {
                ["turn_id"] = accepted.TurnId,
                ["agent_id"] = accepted.AgentId,
                ["position"] = accepted.Position,
                ["notices"] = new JsonArray([.. told.Select(sentence => JsonValue.Create(sentence))]),
            };
            return ToolAnswer.Of(
                string.Join(
                    '\n',
                    told.Prepend($"{Accepted(id, accepted)} Call codex_turn with \"turn\": \"{id}\" to wait for its answer.")
                ),
                JsonSerializer.SerializeToElement(structured)
            );
        }

        try
        {
            await progress.TellAsync(0, () => Accepted(id, accepted), cancellationToken).ConfigureAwait(false);
            return await ReadAsync(client, id, told, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !end.IsCancellationRequested)
        {
            await CancelAsync(client, id).ConfigureAwait(false);
            throw;
        }
    }

    private static TurnRequest RequestOf(ToolInput input, string prompt) =>
        GivenOptions.Apply(
            new TurnRequest(input.Agent(), input.Text("workspace"), input.Text("model"), [MessageOf(input, prompt)])
            {
                NewThread = input.Flag("new_thread"),
            },
            Options.Select(name => (name, input.Text(name))),
            input.Json(GivenOptions.Schema),
            name => $"The argument \"{name}\" of codex_turn"
        );

    private static TurnMessage MessageOf(ToolInput input, string prompt) =>
        new(
            MessageRole.User,
            [new ContentBlock.Text(prompt), .. input.Texts(Images).Select(path => new ContentBlock.Image(null, Path: path))]
        );

    private static string Accepted(TurnId id, AcceptedDocument accepted) =>
        FormattableString.Invariant($"Turn {id} was accepted; turns of {accepted.AgentId} ahead of it: {accepted.Position}.");

    private static async Task<CallToolResult> ReadAsync(
        DaemonClient client,
        TurnId id,
        ImmutableArray<string> told,
        ToolProgress progress,
        CancellationToken cancellationToken
    )
    {
        var (story, sentences) = (new TurnStory(id, told), new TurnSentences());
        await using var events = client.Read(id, 0);
        while (await events.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (CanonicalJsonReader.TryRead(line.Json, out var seq, out var value))
            {
                story.Take(value);
                await progress.TellAsync(seq, () => sentences.Of(value), cancellationToken).ConfigureAwait(false);
                if (
                    value is CanonicalEvent.ApprovalRequest { Question.Id: var asked }
                    && await TurnQuestions.FindAsync(client, id, asked, cancellationToken).ConfigureAwait(false) is { IsEmpty: false } open
                )
                {
                    return TurnQuestions.ToAnswer(id, open, told);
                }
            }
        }

        return story.ToAnswer();
    }

    private static async Task CancelAsync(DaemonClient client, TurnId id)
    {
        using var limit = new CancellationTokenSource(CancelLimit);
        try
        {
            await client.CancelAsync(id, force: false, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CodexException or OperationCanceledException)
        {
            Log.Warning("plugin: cannot cancel turn {Turn}, whose call was cancelled; it continues: {Reason}", id, e.Message);
        }
    }
}
