using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>
/// What the model does in answer to one request: steps in their order. Immutable; every method gives a longer answer.
/// An answer that calls tools is followed by a request with their outputs, which the script answers in turn.
/// </summary>
public sealed class ModelAnswer
{
    private readonly ImmutableArray<AnswerStep> steps;

    /// <summary>An answer without any step: a turn that ends and says nothing.</summary>
    public ModelAnswer()
        : this([], null, [])
    {
    }

    private ModelAnswer(ImmutableArray<AnswerStep> steps, TokenUsage? usage, ImmutableArray<(string Name, string Value)> headers)
    {
        this.steps = steps;
        Usage = usage;
        Headers = headers;
    }

    /// <summary>The tokens that it reports; null for an estimate by the length of request and answer.</summary>
    public TokenUsage? Usage { get; }

    internal ImmutableArray<AnswerStep> Steps => steps;

    internal ImmutableArray<(string Name, string Value)> Headers { get; }

    internal IEnumerable<AnswerStep.Call> Calls => steps.OfType<AnswerStep.Call>();

    /// <summary>Thinks: a reasoning item with this summary.</summary>
    public ModelAnswer Reason(string summary) => Then(new AnswerStep.Reason(summary));

    /// <summary>Says something: a message in one piece.</summary>
    public ModelAnswer Reply(string text) => Then(new AnswerStep.Reply(text, DeltaLength: null));

    /// <summary>Says something piece by piece: deltas of at most <paramref name="length"/> characters, then the message.</summary>
    public ModelAnswer ReplyInDeltas(string text, int length = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return Then(new AnswerStep.Reply(text, length));
    }

    /// <summary>Runs a command with codex's shell tool.</summary>
    /// <param name="command">The command line, as a shell takes it.</param>
    /// <param name="waitAtMost">How long codex waits for it before it goes on without; codex's default is ten seconds.</param>
    public ModelAnswer RunCommand(string command, TimeSpan? waitAtMost = null)
    {
        var arguments = new JsonObject { ["cmd"] = command };
        if (waitAtMost is { } limit)
        {
            arguments["yield_time_ms"] = (long)limit.TotalMilliseconds;
        }

        return CallTool("exec_command", arguments.ToJsonString());
    }

    /// <summary>Changes files with codex's patch tool; requests for models of codex's own catalogue offer it.</summary>
    public ModelAnswer ApplyPatch(string patch) =>
        Then(new AnswerStep.Call("apply_patch", Namespace: null, patch, IsCustom: true));

    /// <summary>Calls a tool. Calls that follow one another are made together.</summary>
    /// <param name="name">The tool's name. A name that the request does not offer makes the request fail.</param>
    /// <param name="arguments">The arguments as JSON text; it is sent as it is.</param>
    /// <param name="toolNamespace">The namespace that the tool stands in, or null.</param>
    public ModelAnswer CallTool(string name, string arguments = "{}", string? toolNamespace = null) =>
        Then(new AnswerStep.Call(name, toolNamespace, arguments, IsCustom: false));

    /// <summary>Calls a tool of an MCP server.</summary>
    /// <param name="server">The server's name in codex's configuration.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">The arguments as JSON text.</param>
    public ModelAnswer CallMcpTool(string server, string tool, string arguments = "{}") =>
        CallTool(tool, arguments, McpNamespace(server));

    /// <summary>Sends an item as it is: for kinds that have no method here.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public ModelAnswer Item(string json) => Then(new AnswerStep.Item(ObjectOf(json)));

    /// <summary>Sends an event of the stream as it is; it must have a <c>type</c>.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public ModelAnswer Event(string json) => Then(new AnswerStep.Event(ObjectOf(json)));

    /// <summary>Holds the answer here until the gate is opened, or codex goes.</summary>
    public ModelAnswer WaitFor(StallGate gate) => Then(new AnswerStep.WaitFor(gate));

    /// <summary>
    /// Says no more and keeps the connection open until codex goes. Nothing can follow. As the first step it holds back
    /// even the headers, and for those codex waits without a limit.
    /// </summary>
    public ModelAnswer Stall() => Then(new AnswerStep.Stall());

    /// <summary>Cuts the connection in the middle of the stream. Nothing can follow.</summary>
    public ModelAnswer Drop() => Then(new AnswerStep.Drop());

    /// <summary>Ends the stream in good order but without <c>response.completed</c>. Nothing can follow.</summary>
    public ModelAnswer EndEarly() => Then(new AnswerStep.EndEarly());

    /// <summary>Fails. Nothing can follow; a failure with a status can only follow a <see cref="WaitFor"/>.</summary>
    /// <exception cref="InvalidOperationException">The stream has begun, so that it is too late for a status.</exception>
    public ModelAnswer Fail(ModelFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Status is null || steps.All(step => step is AnswerStep.WaitFor)
            ? Then(new AnswerStep.Fail(failure))
            : throw new InvalidOperationException(
                $"The answer has begun, so it cannot fail with status {failure.Status} any more; use a failure inside the stream.");
    }

    /// <summary>The same answer that reports these tokens.</summary>
    public ModelAnswer WithUsage(TokenUsage usage) => new(steps, usage, Headers);

    /// <summary>The same answer with one more header on its response, for example one of <c>x-codex-primary-…</c>.</summary>
    public ModelAnswer WithHeader(string name, string value) => new(steps, Usage, Headers.Add((name, value)));

    /// <summary>The namespace under which codex offers the tools of an MCP server.</summary>
    public static string McpNamespace(string server)
    {
        ArgumentException.ThrowIfNullOrEmpty(server);
        return $"mcp__{server.Replace('-', '_')}";
    }

    private ModelAnswer Then(AnswerStep step) =>
        steps.Length > 0 && steps[^1].IsEnd
            ? throw new InvalidOperationException($"Nothing can follow the step {steps[^1].GetType().Name}, which ends the answer.")
            : new(steps.Add(step), Usage, Headers);

    private static JsonObject ObjectOf(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The text must be a JSON object.");
}
