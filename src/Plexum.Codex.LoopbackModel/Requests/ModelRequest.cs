using System.Text.Json;

namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>A valid request from codex to the model.</summary>
public sealed class ModelRequest
{
    internal ModelRequest(
        JsonElement body,
        IReadOnlyDictionary<string, string> headers,
        IReadOnlyList<InputItem> input,
        IReadOnlyList<OfferedTool> tools
    )
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

    /// <summary>The requested model.</summary>
    public string Model { get; }

    /// <summary>The turn's thread, if codex sends it.</summary>
    public string? ThreadId { get; }

    /// <summary>The turn's id, if codex sends it.</summary>
    public string? TurnId { get; }

    /// <summary>The key that requests of one thread share.</summary>
    public string? PromptCacheKey { get; }

    /// <summary>The whole conversation as codex sent it, oldest first.</summary>
    public IReadOnlyList<InputItem> Input { get; }

    /// <summary>The offered tools, with namespaces flattened.</summary>
    public IReadOnlyList<OfferedTool> Tools { get; }

    /// <summary>The request's headers; names are case-insensitive.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The whole body.</summary>
    public JsonElement Body { get; }

    /// <summary>The user's text in each turn so far, oldest first, without codex's own context messages.</summary>
    public IReadOnlyList<string> UserTexts { get; }

    /// <summary>The user's last text: the prompt of the running turn. Empty if there is none.</summary>
    public string LastUserText => UserTexts.Count == 0 ? "" : UserTexts[^1];

    /// <summary>The items after the user's last text: the running turn's answers, calls and outputs.</summary>
    public IReadOnlyList<InputItem> TurnItems { get; }

    /// <summary>How many rounds of tool calls the running turn has had: 0 for its first request. Calls made together count once.</summary>
    public int Round { get; }

    /// <summary>How many earlier requests had the same turn and round: 0 unless codex retries.</summary>
    public int Attempt { get; internal init; }

    /// <summary>The outputs of the running turn's tools, oldest first.</summary>
    public IEnumerable<string> ToolOutputs => TurnItems.Where(item => item.IsCallOutput).Select(item => item.Output ?? "");

    /// <summary>Whether the request offers this tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="toolNamespace">The tool's namespace, or null for none.</param>
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
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
