using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Answers;

/// <summary>
/// The model's answer to one request: a sequence of steps. Immutable; every method returns a longer answer. After an answer that calls
/// tools, codex sends another request with their outputs, which the script answers in turn.
/// </summary>
public sealed class ModelAnswer
{
    private readonly ImmutableArray<AnswerStep> _steps;

    /// <summary>An empty answer, which ends the turn without a message.</summary>
    public ModelAnswer()
        : this([], null, []) { }

    private ModelAnswer(ImmutableArray<AnswerStep> steps, TokenUsage? usage, ImmutableArray<(string Name, string Value)> headers)
    {
        _steps = steps;
        Usage = usage;
        Headers = headers;
    }

    /// <summary>The reported token usage; null for an estimate from the lengths of request and answer.</summary>
    public TokenUsage? Usage { get; }

    internal ImmutableArray<AnswerStep> Steps => _steps;

    internal ImmutableArray<(string Name, string Value)> Headers { get; }

    internal IEnumerable<AnswerStep.Call> Calls => _steps.OfType<AnswerStep.Call>();

    /// <summary>Adds a reasoning item with this summary.</summary>
    public ModelAnswer Reason(string summary) => Then(new AnswerStep.Reason(summary));

    /// <summary>Adds a message in one piece.</summary>
    public ModelAnswer Reply(string text) => Then(new AnswerStep.Reply(text, DeltaLength: null));

    /// <summary>Adds a message in deltas, followed by the whole message.</summary>
    /// <param name="text">The message.</param>
    /// <param name="length">How many characters a delta has at most.</param>
    /// <param name="pause">How long the model waits after each.</param>
    public ModelAnswer ReplyInDeltas(string text, int length = 16, TimeSpan pause = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero);
        return Then(new AnswerStep.Reply(text, length, pause));
    }

    /// <summary>Runs a command with codex's shell tool.</summary>
    /// <param name="command">The shell command line.</param>
    /// <param name="waitAtMost">How long codex waits for it before continuing without its end; codex's default is ten seconds.</param>
    public ModelAnswer RunCommand(string command, TimeSpan? waitAtMost = null)
    {
        var arguments = new JsonObject { ["cmd"] = command };
        if (waitAtMost is { } limit)
        {
            arguments["yield_time_ms"] = (long)limit.TotalMilliseconds;
        }

        return CallTool("exec_command", arguments.ToJsonString());
    }

    /// <summary>Changes files with codex's patch tool, which is offered only to models in codex's own catalogue.</summary>
    public ModelAnswer ApplyPatch(string patch) => Then(new AnswerStep.Call("apply_patch", Namespace: null, patch, IsCustom: true));

    /// <summary>Calls a tool. Consecutive calls are made together.</summary>
    /// <param name="name">The tool's name. If the request does not offer it, the request fails.</param>
    /// <param name="arguments">The arguments as JSON text, sent unchanged.</param>
    /// <param name="toolNamespace">The tool's namespace, or null.</param>
    public ModelAnswer CallTool(string name, string arguments = "{}", string? toolNamespace = null) =>
        Then(new AnswerStep.Call(name, toolNamespace, arguments, IsCustom: false));

    /// <summary>Calls a tool of an MCP server.</summary>
    /// <param name="server">The server's name in codex's configuration.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">The arguments as JSON text.</param>
    public ModelAnswer CallMcpTool(string server, string tool, string arguments = "{}") => CallTool(tool, arguments, McpNamespace(server));

    /// <summary>Sends an item unchanged, for kinds without a method of their own.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public ModelAnswer Item(string json) => Then(new AnswerStep.Item(ObjectOf(json)));

    /// <summary>Sends a stream event unchanged; it must have a <c>type</c>.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public ModelAnswer Event(string json) => Then(new AnswerStep.Event(ObjectOf(json)));

    /// <summary>Pauses the answer until the gate is opened or codex disconnects.</summary>
    public ModelAnswer WaitFor(StallGate gate) => Then(new AnswerStep.WaitFor(gate));

    /// <summary>
    /// Sends nothing more and keeps the connection open until codex disconnects. Nothing can follow. As the first step it also withholds
    /// the headers, for which codex waits without a timeout.
    /// </summary>
    public ModelAnswer Stall() => Then(new AnswerStep.Stall());

    /// <summary>Drops the connection in the middle of the stream. Nothing can follow.</summary>
    public ModelAnswer Drop() => Then(new AnswerStep.Drop());

    /// <summary>Ends the stream cleanly but without <c>response.completed</c>. Nothing can follow.</summary>
    public ModelAnswer EndEarly() => Then(new AnswerStep.EndEarly());

    /// <summary>Fails. Nothing can follow; before a failure with a status, only <see cref="WaitFor"/> is allowed.</summary>
    /// <exception cref="InvalidOperationException">The stream has started, so it is too late for a status.</exception>
    public ModelAnswer Fail(ModelFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Status is null || _steps.All(step => step is AnswerStep.WaitFor)
            ? Then(new AnswerStep.Fail(failure))
            : throw new InvalidOperationException(
                $"The answer has started, so it can no longer fail with status {failure.Status}; use a failure inside the stream."
            );
    }

    /// <summary>The same answer with this reported token usage.</summary>
    public ModelAnswer WithUsage(TokenUsage usage) => new(_steps, usage, Headers);

    /// <summary>The same answer with another response header, for example one of <c>x-codex-primary-…</c>.</summary>
    public ModelAnswer WithHeader(string name, string value) => new(_steps, Usage, Headers.Add((name, value)));

    /// <summary>The namespace under which codex offers the tools of an MCP server.</summary>
    public static string McpNamespace(string server)
    {
        ArgumentException.ThrowIfNullOrEmpty(server);
        return $"mcp__{server.Replace('-', '_')}";
    }

    private ModelAnswer Then(AnswerStep step) =>
        _steps.Length > 0 && _steps[^1].IsEnd
            ? throw new InvalidOperationException($"Nothing can follow the step {_steps[^1].GetType().Name}, which ends the answer.")
            : new(_steps.Add(step), Usage, Headers);

    private static JsonObject ObjectOf(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The text must be a JSON object.");
}
