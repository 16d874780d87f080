using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>The arguments of a call. What is wrong with them is a <see cref="CodexException"/> with a sentence for the model.</summary>
/// <param name="tool">The tool's name.</param>
/// <param name="arguments">The arguments; null for none.</param>
/// <param name="meta">The call's metadata, in which a Plexum host names the agent.</param>
internal sealed class ToolInput(string tool, IDictionary<string, JsonElement>? arguments, JsonObject? meta)
{
    /// <summary>Refuses arguments that the tool does not have, which are mistakes for one that it has.</summary>
    public ToolInput Only(params ReadOnlySpan<string> names)
    {
        foreach (var name in arguments?.Keys ?? [])
        {
            if (!names.Contains(name))
            {
                throw new CodexException($"{tool} has no argument \"{name}\"; it has {(names.IsEmpty ? "none" : string.Join(", ", names))}.");
            }
        }

        return this;
    }

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string name) =>
        Value(name) is not { } value ? null : RpcText.TryGet(value) ?? throw new CodexException($"The argument \"{name}\" of {tool} must be a string.");

    /// <summary>True or false; false where it is missing and nothing else is said.</summary>
    public bool Flag(string name, bool otherwise = false) => Value(name)?.ValueKind switch
    {
        null => otherwise,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new CodexException($"The argument \"{name}\" of {tool} must be true or false."),
    };

    /// <summary>The objects of a list that must be there.</summary>
    public IEnumerable<JsonElement> Objects(string name) => Value(name) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Object
            ? item
            : throw new CodexException(FormattableString.Invariant($"The argument \"{name}\" of {tool} must be a list of objects; [{index}] is none.")))
        : throw new CodexException($"The argument \"{name}\" of {tool} must be a list.");

    /// <summary>The agent that the call is for: the argument, else the one on whose behalf a Plexum host calls; null for neither.</summary>
    public AgentId? AgentIfAny() => (Text("agent") ?? AgentOfMeta()) is not { } name ? null
        : AgentId.TryParse(name, out var agent) ? agent
        : throw new CodexException($"\"{name}\" is no agent id: take 1 to 64 letters, digits, dots, underscores or dashes, without \"..\".");

    /// <summary>The same where there must be one.</summary>
    public AgentId Agent() => AgentIfAny() ?? throw new CodexException($"{tool} needs the argument \"agent\": the name of the agent; a name that is not known yet makes a new one.");

    public TurnId? Turn() => Text("turn") is not { } name ? null
        : TurnId.TryParse(name, out var turn) ? turn
        : throw new CodexException($"\"{name}\" is no turn id; codex_turn tells them.");

    private string? AgentOfMeta() => meta?[PlexumMethods.AgentIdMeta] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    private JsonElement? Value(string name) => arguments is not null && arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
