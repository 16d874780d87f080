using System.Collections.Immutable;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>Reads the parsed document of a turn and collects what is wrong with it.</summary>
internal sealed class TurnRequestReader
{
    // Keeps the answer to a document full of mistakes from being larger than the document.
    private const int MaxSentences = 20;
    private const int MaxKeyCharacters = 256;
    private const int MaxNameCharacters = 128;

    // The longest period of a timer.
    private const long MaxMilliseconds = 24L * 24 * 60 * 60 * 1000;

    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    public TurnRequestReading Read(AgentId agent, JObject document)
    {
        var request = new TurnRequest(
            agent,
            Text(document, "workspace"),
            Text(document, "model"),
            Items(document, "messages", required: true, Message)
        )
        {
            Tools = Items(document, "tools", required: false, Tool),
            Timeout = Timeout(document),
            NewThread = Flag(document, "new_thread"),
            Sandbox = Sandbox(document),
        };
        var key = Key(document);
        RefuseTwins(document, request.Tools);
        Unknown(document, "workspace", "model", "messages", "tools", "timeout_ms", "new_thread", "sandbox", "idempotency_key");
        var problems = _problems.ToImmutable();
        return new TurnRequestReading(problems.IsEmpty ? request : null, key, problems, _warnings.ToImmutable());
    }

    /// <summary>A value's kind, as part of a sentence.</summary>
    public static string Describe(JToken token) =>
        token.Type switch
        {
            JTokenType.Object => "an object",
            JTokenType.Array => "a list",
            JTokenType.String => "a string",
            JTokenType.Boolean => "true or false",
            JTokenType.Null => "null",
            _ => "a number",
        };

    private TurnMessage Message(JObject message)
    {
        Unknown(message, "role", "content");
        return new TurnMessage(Role(message), Content(message));
    }

    private MessageRole Role(JObject message)
    {
        var name = RequiredText(message, "role");
        switch (name)
        {
            case "user":
                return MessageRole.User;
            case "assistant":
                return MessageRole.Assistant;
            case "tool":
                return MessageRole.Tool;
            case "system" or "developer":
                return MessageRole.System;
            case null:
                return default;
            default:
                return Reject(
                    message["role"]!,
                    $"must be system, user, assistant or tool; it is \"{Shorten(name)}\"",
                    default(MessageRole)
                );
        }
    }

    private ImmutableArray<ContentBlock> Content(JObject message) =>
        message["content"] switch
        {
            JValue { Type: JTokenType.String } text => [new ContentBlock.Text((string)text!)],
            JArray => Items(message, "content", required: true, Block),
            null => Reject(message, "has no content; give a string or a list of blocks", ImmutableArray<ContentBlock>.Empty),
            var other => Reject(
                other,
                $"must be a string or a list of blocks; it is {Describe(other)}",
                ImmutableArray<ContentBlock>.Empty
            ),
        };

    private ContentBlock Block(JObject block)
    {
        switch (RequiredText(block, "type"))
        {
            case "text":
                Unknown(block, "type", "text");
                return new ContentBlock.Text(RequiredText(block, "text") ?? "");
            case "image":
                Unknown(block, "type", "media_type", "base64", "path", "url");
                return new ContentBlock.Image(Text(block, "media_type"), Text(block, "base64"), Text(block, "path"), Text(block, "url"));
            case { } other:
                Warn(block["type"]!, $"\"{Shorten(other)}\" is not a type that codex supports; the block is ignored");
                return new ContentBlock.Other(other);
            default:
                return new ContentBlock.Other("");
        }
    }

    private ToolDefinition Tool(JObject tool)
    {
        Unknown(tool, "name", "description", "inputSchema");
        var name = RequiredText(tool, "name");
        if (name is { Length: 0 or > MaxNameCharacters })
        {
            Reject(tool["name"]!, $"must have 1 to {MaxNameCharacters} characters", name);
        }

        var schema = tool["inputSchema"] switch
        {
            null or { Type: JTokenType.Null } => null,
            JObject o => o.ToString(Formatting.None),
            var other => Reject(other, $"must be a JSON schema, an object; it is {Describe(other)}", (string?)null),
        };
        return new ToolDefinition(name ?? "", Text(tool, "description"), schema);
    }

    private void RefuseTwins(JObject document, ImmutableArray<ToolDefinition> tools)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in tools.Select(tool => tool.Name).Where(name => name.Length > 0 && !names.Add(name)))
        {
            Reject(document["tools"]!, $"has two tools with the name \"{Shorten(name)}\"; names must differ", name);
        }
    }

    private string? Key(JObject document)
    {
        var key = Text(document, "idempotency_key");
        return key is { Length: 0 or > MaxKeyCharacters }
            ? Reject(document["idempotency_key"]!, $"must have 1 to {MaxKeyCharacters} characters", (string?)null)
            : key;
    }

    private TimeSpan? Timeout(JObject document) =>
        document["timeout_ms"] switch
        {
            null or { Type: JTokenType.Null } => null,
            JValue { Type: JTokenType.Integer } number when (double)number is >= 1 and <= MaxMilliseconds => TimeSpan.FromMilliseconds(
                (long)number
            ),
            var other => Reject(other, $"must be a whole number of milliseconds from 1 to {MaxMilliseconds} (24 days)", (TimeSpan?)null),
        };

    private bool Flag(JObject document, string name) =>
        document[name] switch
        {
            null or { Type: JTokenType.Null } => false,
            JValue { Type: JTokenType.Boolean } flag => (bool)flag,
            var other => Reject(other, $"must be true or false; it is {Describe(other)}", false),
        };

    // An unknown name is an error, because a turn must not run with fewer restrictions than were asked for.
    private CodexSandbox? Sandbox(JObject document)
    {
        if (Text(document, "sandbox") is not { } name)
        {
            return null;
        }

        return CodexSandboxes.TryParse(name, out var sandbox)
            ? sandbox
            : Reject(
                document["sandbox"]!,
                $"must be one of {string.Join(", ", CodexSandboxes.All.Select(pair => pair.Name))}; it is \"{Shorten(name)}\"",
                (CodexSandbox?)null
            );
    }

    private ImmutableArray<T> Items<T>(JObject parent, string name, bool required, Func<JObject, T> read)
    {
        var token = parent[name];
        if (token is not JArray array)
        {
            return token is null or { Type: JTokenType.Null } && !required ? []
                : token is null ? Reject(parent, $"has no \"{name}\"; give a list", ImmutableArray<T>.Empty)
                : Reject(token, $"must be a list; it is {Describe(token)}", ImmutableArray<T>.Empty);
        }

        var items = ImmutableArray.CreateBuilder<T>(array.Count);
        foreach (var item in array)
        {
            if (item is JObject value)
            {
                items.Add(read(value));
            }
            else
            {
                Reject(item, $"must be an object; it is {Describe(item)}", false);
            }
        }

        return items.ToImmutable();
    }

    private string? RequiredText(JObject parent, string name) =>
        parent[name] is null ? Reject(parent, $"has no \"{name}\"; give a string", (string?)null)
        : parent[name]!.Type == JTokenType.Null ? Reject(parent[name]!, "must be a string; it is null", (string?)null)
        : Text(parent, name);

    private string? Text(JObject parent, string name) =>
        parent[name] switch
        {
            null or { Type: JTokenType.Null } => null,
            JValue { Type: JTokenType.String } text => (string)text!,
            var other => Reject(other, $"must be a string; it is {Describe(other)}", (string?)null),
        };

    private void Unknown(JObject parent, params ReadOnlySpan<string> known)
    {
        foreach (var property in parent.Properties())
        {
            if (!known.Contains(property.Name))
            {
                Warn(property, "is unknown and ignored");
            }
        }
    }

    private T Reject<T>(JToken token, string what, T instead)
    {
        Add(_problems, token, what);
        return instead;
    }

    private void Warn(JToken token, string what) => Add(_warnings, token, what);

    private static void Add(ImmutableArray<string>.Builder sentences, JToken token, string what)
    {
        if (sentences.Count < MaxSentences)
        {
            sentences.Add(
                sentences.Count == MaxSentences - 1
                    ? "There are more problems than are listed here."
                    : $"{(token.Path.Length == 0 ? "The document" : Shorten(token.Path))}: {what}."
            );
        }
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
