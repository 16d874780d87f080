using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>
/// Reads the params of Plexum's methods. Their shape is our own guess, like the names in <see cref="PlexumMethods"/>. Unknown members are
/// ignored.
/// </summary>
internal static class PlexumParams
{
    /// <summary><c>{profile_root?, settings?: ["key=value"]}</c>.</summary>
    public static (string? ProfileRoot, ImmutableArray<string> Settings) Init(JsonElement parameters)
    {
        var root = Object(parameters, "params");
        var settings = Items(root, "settings")
            .Select(
                (item, index) =>
                    RpcText.TryGet(item)
                    ?? throw Mistake(FormattableString.Invariant($"settings[{index}]"), "a string such as turns.timeout=5m")
            );
        return (Text(root, "profile_root"), [.. settings]);
    }

    /// <summary><c>{turn_id, force?}</c>.</summary>
    public static (TurnId Turn, bool Force) Cancel(JsonElement parameters)
    {
        var root = Object(parameters, "params");
        return (OptionalTurn(root) ?? throw Mistake("turn_id", "the id of a turn"), Flag(root, "force"));
    }

    /// <summary><c>{agent_id, workspace?, mutations: [{block_id, op}]}</c>.</summary>
    public static (AgentId Agent, string? Workspace, ImmutableArray<CallToConsume> Calls) ConsumeSession(JsonElement parameters)
    {
        var root = Object(parameters, "params");
        var calls = Items(root, "mutations")
            .Select(
                (item, index) =>
                {
                    var path = FormattableString.Invariant($"mutations[{index}]");
                    return new CallToConsume(
                        Text(Object(item, path), "block_id") ?? throw Mistake($"{path}.block_id", "a string"),
                        Text(item, "op") ?? throw Mistake($"{path}.op", "a string")
                    );
                }
            );
        return (Agent(root, "agent_id"), Text(root, "workspace"), [.. calls]);
    }

    /// <summary>
    /// <c>{agent: {agent_id, workspace}, model?, request: {messages, tools?, new_thread?, …}, idempotency_key?, after_seq?}</c> for a new
    /// turn or one identified by its key, where <c>request</c> may have all else that the body of an HTTP request has, such as
    /// <c>backend</c>, <c>approvals</c> and <c>output_schema</c>; <c>{turn_id, after_seq?}</c> for an existing one.
    /// </summary>
    /// <exception cref="RpcException">The params are invalid. A missing workspace gets the Go plugin's message.</exception>
    public static StreamParams Stream(JsonElement parameters)
    {
        var root = Object(parameters, "params");
        var after = Number(root, "after_seq");
        if (OptionalTurn(root) is { } turn)
        {
            return new StreamParams(turn, null, [], "", after);
        }

        var agent = Member(root, "agent") is { ValueKind: not JsonValueKind.Null } given ? Object(given, "agent") : default;
        var workspace = agent.ValueKind == JsonValueKind.Undefined ? null : Text(agent, "workspace");
        if (string.IsNullOrEmpty(workspace))
        {
            var refusal = TurnRefusal.WorkspaceRequired;
            throw new RpcException(RpcException.Refused, refusal.Message) { Reason = refusal.Code };
        }

        var key = Text(root, "idempotency_key") ?? $"plugin-{Guid.NewGuid():N}";
        var document = PlexumFrames.TurnDocument(
            workspace,
            Member(root, "model"),
            Object(Member(root, "request") ?? default, "request"),
            key
        );
        var reading = TurnRequestJson.Read(Agent(agent, "agent_id"), document);
        return reading.Request is { } request
            ? new StreamParams(null, request, reading.Warnings, key, after)
            : throw RpcException.BadParams(string.Join(' ', reading.Problems));
    }

    private static JsonElement Object(JsonElement value, string path) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value,
            JsonValueKind.Undefined when path == "params" => Nothing,
            _ => throw Mistake(path, "an object"),
        };

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private static ImmutableArray<JsonElement> Items(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
            _ => throw Mistake(name, "a list"),
        };

    private static AgentId Agent(JsonElement parent, string name) =>
        AgentId.TryParse(Text(parent, name), out var agent)
            ? agent
            : throw Mistake(name, "1 to 64 letters, digits, dots, underscores or dashes, without \"..\"");

    private static TurnId? OptionalTurn(JsonElement parent) =>
        Text(parent, "turn_id") is not { } text ? null
        : TurnId.TryParse(text, out var turn) ? turn
        : throw Mistake("turn_id", "the id of a turn");

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { } value => RpcText.TryGet(value) ?? throw Mistake(name, "a string"),
        };

    private static bool Flag(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.True } => true,
            _ => throw Mistake(name, "true or false"),
        };

    private static long Number(JsonElement parent, string name) =>
        Member(parent, name) switch
        {
            null or { ValueKind: JsonValueKind.Null } => 0,
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) && number >= 0 => number,
            _ => throw Mistake(name, "a whole number, 0 or more"),
        };

    private static JsonElement? Member(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value : null;

    private static RpcException Mistake(string path, string wanted) => RpcException.BadParams($"{path}: must be {wanted}.");
}

/// <summary>A host's request to stream a turn.</summary>
/// <param name="Turn">The id of an existing turn, or null.</param>
/// <param name="Request">The request for a new turn, or null if <paramref name="Turn"/> is set.</param>
/// <param name="Warnings">The parts of the request that are ignored.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="AfterSeq">The last event that the host already has; 0 for none.</param>
internal sealed record StreamParams(TurnId? Turn, TurnRequest? Request, ImmutableArray<string> Warnings, string Key, long AfterSeq);
