using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>The arguments of a call. Invalid ones cause a <see cref="CodexException"/> with a message for the model.</summary>
/// <param name="tool">The tool's name.</param>
/// <param name="arguments">The arguments; null for none.</param>
/// <param name="meta">The call's metadata, in which a Plexum host names the agent.</param>
internal sealed class ToolInput(string tool, IDictionary<string, JsonElement>? arguments, JsonObject? meta)
{
    /// <summary>Rejects arguments that the tool does not have; they are usually typos.</summary>
    public ToolInput Only(params ReadOnlySpan<string> names)
    {
        foreach (var name in arguments?.Keys ?? [])
        {
            if (!names.Contains(name))
            {
                throw new CodexException(
                    $"{tool} has no argument \"{name}\"; it has {(names.IsEmpty ? "none" : string.Join(", ", names))}."
                );
            }
        }

        return this;
    }

    /// <summary>A string argument; null if missing.</summary>
    public string? Text(string name) =>
        Value(name) is not { } value
            ? null
            : RpcText.TryGet(value) ?? throw new CodexException($"The argument \"{name}\" of {tool} must be a string.");

    /// <summary>An argument that is a list of strings; empty if missing.</summary>
    public IEnumerable<string> Texts(string name) =>
        Value(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray()
                .Select(item =>
                    RpcText.TryGet(item) ?? throw new CodexException($"The argument \"{name}\" of {tool} must be a list of strings.")
                ),
            _ => throw new CodexException($"The argument \"{name}\" of {tool} must be a list of strings."),
        };

    /// <summary>An argument as it is; null if missing.</summary>
    public JsonElement? Json(string name) => Value(name);

    /// <summary>A Boolean argument; <paramref name="otherwise"/> if missing.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        Value(name)?.ValueKind switch
        {
            null => otherwise,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new CodexException($"The argument \"{name}\" of {tool} must be true or false."),
        };

    /// <summary>A required argument that is a list of objects.</summary>
    public IEnumerable<JsonElement> Objects(string name) =>
        Value(name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray()
                .Select(
                    (item, index) =>
                        item.ValueKind == JsonValueKind.Object
                            ? item
                            : throw new CodexException(
                                FormattableString.Invariant(
                                    $"The argument \"{name}\" of {tool} must be a list of objects; [{index}] is not an object."
                                )
                            )
                )
            : throw new CodexException($"The argument \"{name}\" of {tool} must be a list.");

    /// <summary>The agent that the call is for: from the argument, else from a Plexum host's metadata; null if neither names one.</summary>
    public AgentId? AgentIfAny() =>
        (Text("agent") ?? AgentOfMeta()) is not { } name ? null
        : AgentId.TryParse(name, out var agent) ? agent
        : throw new CodexException(
            $"\"{name}\" is not a valid agent id: use 1 to 64 letters, digits, dots, underscores or dashes, without \"..\"."
        );

    /// <summary>The agent that the call is for; required.</summary>
    public AgentId Agent() =>
        AgentIfAny()
        ?? throw new CodexException($"{tool} needs the argument \"agent\": the agent's name; an unknown name creates a new agent.");

    public TurnId? Turn() =>
        Text("turn") is not { } name ? null
        : TurnId.TryParse(name, out var turn) ? turn
        : throw new CodexException($"\"{name}\" is not a valid turn id; use an id that codex_turn returned.");

    private string? AgentOfMeta() =>
        meta?[PlexumMethods.AgentIdMeta] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    private JsonElement? Value(string name) =>
        arguments is not null && arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
