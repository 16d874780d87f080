using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// The few shapes of the server's JSON that matter to its threads. What is missing or of another type is unknown, not an error.
/// </summary>
internal static class ServerJson
{
    private const int RecentTurns = 2;

    /// <summary>The parameters of <c>thread/start</c>. The thread gets its sandbox afterwards, see <see cref="NewThread"/>.</summary>
    public static JsonObject StartOf(ThreadSetup setup)
    {
        var parameters = Of(setup);
        parameters["sandbox"] = ThreadSandbox.ReadOnly;
        parameters["dynamicTools"] = setup.DynamicTools?.DeepClone();
        return WithoutNulls(parameters);
    }

    /// <summary>
    /// The parameters of <c>thread/resume</c>. Without <c>excludeTurns</c> a rollout of 22 MB takes 8 s and comes as one line of 7 MB.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="setup">How it is loaded; null to leave it as it is.</param>
    /// <param name="withTurns">Whether the last turns are wanted, with all their items.</param>
    public static JsonObject ResumeOf(ThreadId thread, ThreadSetup? setup, bool withTurns)
    {
        var parameters = setup is null ? [] : Of(setup);
        parameters["threadId"] = $"{thread}";
        parameters["excludeTurns"] = true;
        parameters["initialTurnsPage"] = withTurns ? new JsonObject { ["limit"] = RecentTurns, ["itemsView"] = "full" } : null;
        return WithoutNulls(parameters);
    }

    /// <summary>The parameters of what needs only the thread.</summary>
    public static JsonObject ThreadOnly(ThreadId thread) => new() { ["threadId"] = $"{thread}" };

    /// <summary>The thread that a notification or a question is about; null if it names none.</summary>
    public static ThreadId? ThreadOf(JsonElement parameters) => IdOf(WireMessage.Member(parameters, "threadId"));

    /// <summary>The thread in the answer to <c>thread/start</c> and <c>thread/resume</c>.</summary>
    public static ThreadId? LoadedOf(JsonElement result) => IdOf(WireMessage.Member(WireMessage.Member(result, "thread"), "id"));

    /// <summary>Its rollout.</summary>
    public static string? PathOf(JsonElement result) => TextOf(WireMessage.Member(result, "thread"), "path");

    /// <summary>The thread whose sub-agent has this one; null if it is no sub-agent's (0.169.0 and 0.171.0).</summary>
    public static ThreadId? ParentOf(JsonElement result) =>
        IdOf(WireMessage.Member(WireMessage.Member(result, "thread"), "parentThreadId"));

    /// <summary>Whether the thread runs a turn.</summary>
    public static bool IsActive(JsonElement result) =>
        TextOf(WireMessage.Member(WireMessage.Member(result, "thread"), "status"), "type") == "active";

    /// <summary>Whether the server tells that it has unloaded a thread by itself or for somebody else.</summary>
    public static bool IsUnloaded(string method, JsonElement parameters) =>
        method is "thread/closed" or "thread/archived" or "thread/deleted"
        || (method == "thread/status/changed" && TextOf(WireMessage.Member(parameters, "status"), "type") == "notLoaded");

    /// <summary>The last turns, newest first; null if the answer has none.</summary>
    public static JsonElement? TurnsOf(JsonElement result) =>
        WireMessage.Member(WireMessage.Member(result, "initialTurnsPage"), "data") is { ValueKind: JsonValueKind.Array } turns
            ? turns
            : null;

    /// <summary>The id of the turn that runs; null if none of them does.</summary>
    public static string? RunningOf(JsonElement? turns) =>
        turns is { } all
            ? all.EnumerateArray().Where(turn => TextOf(turn, "status") == "inProgress").Select(turn => TextOf(turn, "id")).FirstOrDefault()
            : null;

    /// <summary>The id of the turn in the answer to <c>turn/start</c>.</summary>
    public static string? TurnOf(JsonElement result) => TextOf(WireMessage.Member(result, "turn"), "id");

    /// <summary>The threads in the answer to <c>thread/loaded/list</c>.</summary>
    public static ImmutableArray<ThreadId> ListOf(JsonElement result) =>
        WireMessage.Member(result, "data") is { ValueKind: JsonValueKind.Array } data
            ? [.. data.EnumerateArray().Select(IdOf).OfType<ThreadId>()]
            : [];

    /// <summary>The thread's total in <c>thread/tokenUsage/updated</c>.</summary>
    public static Usage? TotalOf(JsonElement parameters)
    {
        var total = WireMessage.Member(WireMessage.Member(parameters, "tokenUsage"), "total");
        return total.ValueKind == JsonValueKind.Object
            ? new Usage(
                NumberOf(total, "inputTokens"),
                NumberOf(total, "outputTokens"),
                NumberOf(total, "cachedInputTokens"),
                NumberOf(total, "reasoningOutputTokens")
            )
            : null;
    }

    /// <summary>The version in <c>plexum/0.169.0 (Debian 12.0.0; x86_64) …</c>.</summary>
    public static string? VersionOf(string userAgent)
    {
        var slash = userAgent.IndexOf('/', StringComparison.Ordinal);
        var end = userAgent.IndexOf(' ', StringComparison.Ordinal);
        return slash < 0 ? null : userAgent[(slash + 1)..(end > slash ? end : userAgent.Length)];
    }

    private static JsonObject Of(ThreadSetup setup) =>
        new()
        {
            ["cwd"] = setup.Workspace,
            ["sandbox"] = setup.Sandbox,
            ["approvalPolicy"] = setup.ApprovalPolicy,
            ["config"] = setup.Config?.DeepClone(),
            ["developerInstructions"] = setup.DeveloperInstructions,
        };

    private static JsonObject WithoutNulls(JsonObject parameters)
    {
        foreach (var name in parameters.Where(member => member.Value is null).Select(member => member.Key).ToArray())
        {
            parameters.Remove(name);
        }

        return parameters;
    }

    private static ThreadId? IdOf(JsonElement element) => ThreadId.TryParse(WireMessage.TextOf(element), out var thread) ? thread : null;

    private static string? TextOf(JsonElement element, string name) => WireMessage.TextOf(WireMessage.Member(element, name));

    private static long NumberOf(JsonElement element, string name) =>
        WireMessage.Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;
}
