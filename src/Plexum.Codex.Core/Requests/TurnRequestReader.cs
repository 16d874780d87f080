using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plexum.Codex.Json;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Requests;

/// <summary>Reads the parsed document of a turn and collects what is wrong with it.</summary>
internal sealed class TurnRequestReader
{
    // Keeps the answer to a document full of mistakes from being larger than the document.
    private const int MaxSentences = 20;
    private const int MaxKeyCharacters = 256;
    private const int MaxNameCharacters = 128;
    private const int MaxEffortCharacters = 32;
    private const int MaxInstructionsCharacters = 16 * 1024;

    // The longest period of a timer.
    private const long MaxMilliseconds = 24L * 24 * 60 * 60 * 1000;

    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    // The object that is being read: messages[3], content[0].
    private readonly List<(string List, int Index)> _place = [];

    public TurnRequestReading Read(AgentId agent, JsonElement document)
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
            Sandbox = Choice<CodexSandbox>(document, "sandbox", CodexSandboxes.All),
            Options = new TurnOptions
            {
                Backend = Choice<BackendKind>(document, "backend", BackendKinds.All),
                Approvals = Choice<ApprovalPolicy>(document, "approvals", ApprovalPolicies.All),
                Effort = Effort(document),
                DeveloperInstructions = Instructions(document),
                OutputSchema = Schema(document, "output_schema"),
            },
        };
        var key = Key(document);
        RefuseTwins(request.Tools);
        Unknown(
            document,
            "workspace",
            "model",
            "messages",
            "tools",
            "timeout_ms",
            "new_thread",
            "sandbox",
            "backend",
            "approvals",
            "effort",
            "developer_instructions",
            "output_schema",
            "idempotency_key"
        );
        var problems = _problems.ToImmutable();
        return new TurnRequestReading(problems.IsEmpty ? request : null, key, problems, _warnings.ToImmutable());
    }

    /// <summary>A value's kind, as part of a sentence.</summary>
    public static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.True or JsonValueKind.False => "true or false",
            JsonValueKind.Null => "null",
            _ => "a number",
        };

    private TurnMessage Message(JsonElement message)
    {
        Unknown(message, "role", "content");
        return new TurnMessage(Role(message), Content(message));
    }

    private MessageRole Role(JsonElement message)
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
                return Reject("role", $"must be system, user, assistant or tool; it is \"{Shorten(name)}\"", default(MessageRole));
        }
    }

    private ImmutableArray<ContentBlock> Content(JsonElement message) =>
        Member(message, "content") switch
        {
            { ValueKind: JsonValueKind.String } text => [new ContentBlock.Text(Decode(text))],
            { ValueKind: JsonValueKind.Array } => Items(message, "content", required: true, Block),
            null => Reject(null, "has no content; give a string or a list of blocks", ImmutableArray<ContentBlock>.Empty),
            { } other => Reject(
                "content",
                $"must be a string or a list of blocks; it is {Describe(other)}",
                ImmutableArray<ContentBlock>.Empty
            ),
        };

    private ContentBlock Block(JsonElement block)
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
                Warn("type", $"\"{Shorten(other)}\" is not a type that codex supports; the block is ignored");
                return new ContentBlock.Other(other);
            default:
                return new ContentBlock.Other("");
        }
    }

    private ToolDefinition Tool(JsonElement tool)
    {
        Unknown(tool, "name", "description", "inputSchema");
        var name = RequiredText(tool, "name");
        if (name is { Length: 0 or > MaxNameCharacters })
        {
            Reject("name", $"must have 1 to {MaxNameCharacters} characters", name);
        }

        return new ToolDefinition(name ?? "", Text(tool, "description"), Schema(tool, "inputSchema"));
    }

    private void RefuseTwins(ImmutableArray<ToolDefinition> tools)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in tools.Select(tool => tool.Name).Where(name => name.Length > 0 && !names.Add(name)))
        {
            Reject("tools", $"has two tools with the name \"{Shorten(name)}\"; names must differ", name);
        }
    }

    private string? Key(JsonElement document)
    {
        var key = Text(document, "idempotency_key");
        return key is { Length: 0 or > MaxKeyCharacters }
            ? Reject("idempotency_key", $"must have 1 to {MaxKeyCharacters} characters", (string?)null)
            : key;
    }

    private TimeSpan? Timeout(JsonElement document) =>
        Member(document, "timeout_ms") switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) && value is >= 1 and <= MaxMilliseconds =>
                TimeSpan.FromMilliseconds(value),
            _ => Reject("timeout_ms", $"must be a whole number of milliseconds from 1 to {MaxMilliseconds} (24 days)", (TimeSpan?)null),
        };

    private bool Flag(JsonElement document, string name) =>
        Member(document, name) switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.True } => true,
            { } other => Reject(name, $"must be true or false; it is {Describe(other)}", false),
        };

    // An unknown name is an error, because a turn must not run with fewer restrictions than were asked for.
    private T? Choice<T>(JsonElement document, string name, IReadOnlyList<(string Name, T Value)> all)
        where T : struct
    {
        if (Text(document, name) is not { } given)
        {
            return null;
        }

        foreach (var (known, value) in all)
        {
            if (string.Equals(known, given, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return Reject(name, $"must be one of {string.Join(", ", all.Select(pair => pair.Name))}; it is \"{Shorten(given)}\"", (T?)null);
    }

    // Codex's models differ in what they take, so any short word goes on to codex.
    private string? Effort(JsonElement document)
    {
        var effort = Text(document, "effort");
        return effort is null || (effort.Length is > 0 and <= MaxEffortCharacters && effort.All(char.IsAsciiLetterLower))
            ? effort
            : Reject("effort", $"must be a word of codex such as low, medium or high; it is \"{Shorten(effort)}\"", (string?)null);
    }

    // They become an argument of codex, which the kernel limits to 128 KiB.
    private string? Instructions(JsonElement document)
    {
        var text = Text(document, "developer_instructions");
        return text is { Length: > MaxInstructionsCharacters } || text?.Contains('\0', StringComparison.Ordinal) == true
            ? Reject("developer_instructions", $"must have at most {MaxInstructionsCharacters} characters and no NUL", (string?)null)
            : text;
    }

    private string? Schema(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Object } value => Compact(value, name),
            { } other => Reject(name, $"must be a JSON schema, an object; it is {Describe(other)}", (string?)null),
        };

    private ImmutableArray<T> Items<T>(JsonElement parent, string name, bool required, Func<JsonElement, T> read)
    {
        if (Member(parent, name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return Member(parent, name) switch
            {
                { ValueKind: not JsonValueKind.Null } other => Reject(
                    name,
                    $"must be a list; it is {Describe(other)}",
                    ImmutableArray<T>.Empty
                ),
                _ when !required => [],
                null => Reject(null, $"has no \"{name}\"; give a list", ImmutableArray<T>.Empty),
                _ => Reject(name, "must be a list; it is null", ImmutableArray<T>.Empty),
            };
        }

        var items = ImmutableArray.CreateBuilder<T>(list.GetArrayLength());
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            _place.Add((name, index));
            if (item.ValueKind == JsonValueKind.Object)
            {
                items.Add(read(item));
            }
            else
            {
                Reject(null, $"must be an object; it is {Describe(item)}", false);
            }

            _place.RemoveAt(_place.Count - 1);
        }

        return items.ToImmutable();
    }

    private string? RequiredText(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null => Reject(null, $"has no \"{name}\"; give a string", (string?)null),
            { ValueKind: JsonValueKind.Null } => Reject(name, "must be a string; it is null", (string?)null),
            _ => Text(parent, name),
        };

    private string? Text(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } text => Decode(text),
            { } other => Reject(name, $"must be a string; it is {Describe(other)}", (string?)null),
        };

    private void Unknown(JsonElement parent, params ReadOnlySpan<string> known)
    {
        foreach (var property in parent.EnumerateObject())
        {
            var name = property.Name;
            if (!known.Contains(name))
            {
                Warn(name, "is unknown and ignored");
            }
        }
    }

    private static JsonElement? Member(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;

    private static string Decode(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        return new JsonText(raw, raw.Contains((byte)'\\')).Decode();
    }

    // The ledger compares requests byte by byte, so a schema must be written as every earlier version wrote it: by Newtonsoft.
    private string? Compact(JsonElement schema, string name)
    {
        using var reader = new JsonTextReader(new StringReader(schema.GetRawText()))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = TurnRequestJson.MaxDepth,
        };
        try
        {
            var token = JToken.ReadFrom(reader);

            // Newtonsoft reads 1e999 as infinity and writes that as a string.
            var endless = ((JContainer)token)
                .Descendants()
                .OfType<JValue>()
                .FirstOrDefault(value => value.Value is double number && !double.IsFinite(number));
            return endless is null
                ? token.ToString(Formatting.None)
                : Reject($"{name}.{endless.Path}", "is a number that is too large", (string?)null);
        }
        catch (JsonReaderException e)
        {
            // It is JSON, but Newtonsoft reads no whole number of more than 380 digits.
            return Reject($"{name}.{e.Path}", "is a number with too many digits", (string?)null);
        }
    }

    /// <param name="name">The member that is wrong; null for the object that is being read.</param>
    /// <param name="what">What is wrong with it.</param>
    /// <param name="instead">A harmless value.</param>
    private T Reject<T>(string? name, string what, T instead)
    {
        Add(_problems, name, what);
        return instead;
    }

    private void Warn(string name, string what) => Add(_warnings, name, what);

    private void Add(ImmutableArray<string>.Builder sentences, string? name, string what)
    {
        if (sentences.Count < MaxSentences)
        {
            sentences.Add(
                sentences.Count == MaxSentences - 1 ? "There are more problems than are listed here." : $"{PathOf(name)}: {what}."
            );
        }
    }

    private string PathOf(string? name)
    {
        var path = new StringBuilder();
        foreach (var (list, index) in _place)
        {
            path.Append(path.Length == 0 ? "" : ".").Append(list).Append(CultureInfo.InvariantCulture, $"[{index}]");
        }

        if (name is not null)
        {
            path.Append(path.Length == 0 ? "" : ".").Append(name);
        }

        return path.Length == 0 ? "The document" : Shorten(path.ToString());
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
