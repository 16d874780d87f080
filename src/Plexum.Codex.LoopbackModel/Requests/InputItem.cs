using System.Text.Json;

namespace Plexum.Codex.LoopbackModel.Requests;

/// <summary>An item of a request's <c>input</c>: a message, a tool call, a tool's output or reasoning.</summary>
public sealed class InputItem
{
    internal InputItem(JsonElement json)
    {
        Json = json;
        Type = Member("type") ?? "message";
        Role = Member("role");
        CallId = Member("call_id");
        Name = Member("name");
        Namespace = Member("namespace");
        Arguments = Member("arguments") ?? Member("input");
        Text = TextOf("content") ?? TextOf("summary") ?? "";
        Output = TextOf("output");
        Images = ImagesOf("content");
    }

    /// <summary>The item's kind, for example <c>message</c>, <c>function_call</c> or <c>function_call_output</c>.</summary>
    public string Type { get; }

    /// <summary>The author's role (user, assistant, developer, system); only messages have one.</summary>
    public string? Role { get; }

    /// <summary>
    /// The text parts of a message or of a reasoning summary, joined with line feeds; empty if there are none. Excludes the parts that
    /// codex puts around images.
    /// </summary>
    public string Text { get; }

    /// <summary>The <c>image_url</c> of each image part of a message.</summary>
    public IReadOnlyList<string> Images { get; }

    /// <summary>The id that links a call and its output.</summary>
    public string? CallId { get; }

    /// <summary>The name of the called tool.</summary>
    public string? Name { get; }

    /// <summary>The namespace of the called tool; MCP tools have one.</summary>
    public string? Namespace { get; }

    /// <summary>The arguments of a call, exactly as the model wrote them.</summary>
    public string? Arguments { get; }

    /// <summary>The output of a tool; the texts of a list of parts are joined with line feeds.</summary>
    public string? Output { get; }

    /// <summary>The whole item.</summary>
    public JsonElement Json { get; }

    internal bool IsCall => Type is "function_call" or "custom_tool_call" or "local_shell_call";

    /// <summary>
    /// Whether it is a call of the old shell that has only an id of its own, and so no output. codex 0.169.0 and 0.171.0 send it with
    /// <c>"call_id": null</c> and leave out the output that its rollout has.
    /// </summary>
    internal bool IsUnlinked => Type == "local_shell_call" && CallId is null && Member("id") is not null;

    internal bool IsCallOutput => Type is "function_call_output" or "custom_tool_call_output" or "local_shell_call_output";

    internal bool IsUserText => Type == "message" && Role == "user" && !IsContext(Text);

    // codex sends its own context, such as the environment, as user messages.
    private static bool IsContext(string text) =>
        IsElement(text, "environment_context")
        || IsElement(text, "user_instructions")
        || IsElement(text, "turn_aborted")
        || text.StartsWith("# AGENTS.md instructions", StringComparison.Ordinal);

    private static bool IsElement(string text, string name) =>
        text.StartsWith($"<{name}>", StringComparison.Ordinal) && text.TrimEnd().EndsWith($"</{name}>", StringComparison.Ordinal);

    private string? Member(string name) => TextIn(Json, name);

    private string? TextOf(string name)
    {
        if (!Json.TryGetProperty(name, out var member))
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }

        var parts = member.EnumerateArray().ToList();
        var texts = parts.Select((part, at) => IsFrameOfImage(parts, at) ? null : TextIn(part, "text"));
        return string.Join('\n', texts.OfType<string>());
    }

    private List<string> ImagesOf(string name) =>
        Json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array
            ? member.EnumerateArray().Select(part => TextIn(part, "image_url")).OfType<string>().ToList()
            : [];

    // codex puts <image …> before an image and </image> after it, each as a text part.
    private static bool IsFrameOfImage(List<JsonElement> parts, int at) =>
        TextIn(parts[at], "text") is { } text
        && (
            (text.StartsWith("<image", StringComparison.Ordinal) && at + 1 < parts.Count && TextIn(parts[at + 1], "image_url") is not null)
            || (text == "</image>" && at > 0 && TextIn(parts[at - 1], "image_url") is not null)
        );

    private static string? TextIn(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
