using System.Text.Json;

namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>A request of codex to the model, read and found sound.</summary>
public sealed class ModelRequest
{
    internal ModelRequest(
        JsonElement body,
        IReadOnlyDictionary<string, string> headers,
        IReadOnlyList<InputItem> input,
        IReadOnlyList<OfferedTool> tools)
    {
        Body = body;
        Headers = headers;
        Input = input;
        Tools = tools;
        Model = body.GetProperty("model").GetString()!;
        PromptCacheKey = Member(body, "prompt_cache_key");
        var metadata = body.TryGetProperty("client_metadata", out var given) ? given : default;
        ThreadId = headers.GetValueOrDefault("thread-id") ?? Member(metadata, "thread_id") ?? PromptCacheKey;
        TurnId = Member(metadata, "turn_id");
        UserTexts = input.Where(item => item.IsUserText).Select(item => item.Text).ToList();
        TurnItems = input.Skip(LastIndexOfUserText(input) + 1).ToList();
        Round = TurnItems.Where((item, at) => item.IsCall && (at == 0 || !TurnItems[at - 1].IsCall)).Count();
    }

    /// <summary>The model asked for.</summary>
    public string Model { get; }

    /// <summary>The thread that the turn belongs to, when codex tells.</summary>
    public string? ThreadId { get; }

    /// <summary>The turn's own id, when codex tells.</summary>
    public string? TurnId { get; }

    /// <summary>The key that requests of one thread share.</summary>
    public string? PromptCacheKey { get; }

    /// <summary>The whole conversation as codex sent it, oldest first.</summary>
    public IReadOnlyList<InputItem> Input { get; }

    /// <summary>The tools that may be called, those inside namespaces one by one.</summary>
    public IReadOnlyList<OfferedTool> Tools { get; }

    /// <summary>The headers of the request; names in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The whole body.</summary>
    public JsonElement Body { get; }

    /// <summary>What the user said in each turn so far, oldest first, without codex's own notes on the surroundings.</summary>
    public IReadOnlyList<string> UserTexts { get; }

    /// <summary>What the user said last: the prompt of the running turn. Empty when there is none.</summary>
    public string LastUserText => UserTexts.Count == 0 ? "" : UserTexts[^1];

    /// <summary>What came after the user's last text: the running turn's answers, calls and outputs.</summary>
    public IReadOnlyList<InputItem> TurnItems { get; }

    /// <summary>How often tools were called in the running turn: 0 for its first request. Calls made together count once.</summary>
    public int Round { get; }

    /// <summary>How many requests of the same turn and round came before: 0, unless codex tries again.</summary>
    public int Attempt { get; internal init; }

    /// <summary>The outputs of the running turn's tools, oldest first.</summary>
    public IEnumerable<string> ToolOutputs => TurnItems.Where(item => item.IsCallOutput).Select(item => item.Output ?? "");

    /// <summary>Whether the request offers this tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="toolNamespace">The namespace that it must stand in, or null for none.</param>
    public bool Offers(string name, string? toolNamespace = null) =>
        Tools.Any(tool => tool.Name == name && tool.Namespace == toolNamespace);

    internal ModelRequest WithAttempt(int attempt) => new(Body, Headers, Input, Tools) { Attempt = attempt };

    private static int LastIndexOfUserText(IReadOnlyList<InputItem> input)
    {
        var at = input.Count - 1;
        while (at >= 0 && !input[at].IsUserText)
        {
            at--;
        }

        return at;
    }

    private static string? Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
