using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>The sandbox of a thread as the parameters of <c>thread/settings/update</c>.</summary>
internal static class ThreadSandbox
{
    /// <summary>The mode in which commands may only read.</summary>
    public const string ReadOnly = "read-only";

    /// <summary>The mode in which commands may write in the workspace; codex's configuration says what else.</summary>
    public const string WorkspaceWrite = "workspace-write";

    /// <summary>No sandbox.</summary>
    public const string FullAccess = "danger-full-access";

    private const string Profile = "default_permissions";
    private const string Table = "sandbox_workspace_write";

    // The names in codex's configuration and in the server's JSON.
    private static readonly (string Key, string Member)[] Members =
    [
        ("writable_roots", "writableRoots"),
        ("network_access", "networkAccess"),
        ("exclude_tmpdir_env_var", "excludeTmpdirEnvVar"),
        ("exclude_slash_tmp", "excludeSlashTmp"),
    ];

    /// <summary>A sandbox that the setup alone decides; null for that of every new thread, which is read-only.</summary>
    public static JsonObject? Of(ThreadSetup setup) =>
        setup.Sandbox switch
        {
            FullAccess => Policy("dangerFullAccess"),
            null when setup.Config?[Profile] is { } profile => new JsonObject { ["permissions"] = profile.DeepClone() },
            _ => null,
        };

    /// <summary>
    /// <see cref="WorkspaceWrite"/> with what the configuration says about it, which a policy in a request does not take from there
    /// (measured on 0.169.0 and 0.171.0).
    /// </summary>
    /// <param name="read">The answer to <c>config/read</c>.</param>
    /// <param name="overrides">What goes over it: the <c>config</c> of the thread.</param>
    public static JsonObject WritableOf(JsonElement read, JsonObject? overrides)
    {
        var table = WireMessage.Member(WireMessage.Member(read, "config"), Table);
        var parameters = Policy("workspaceWrite");
        var policy = parameters["sandboxPolicy"]!.AsObject();
        foreach (var (key, member) in Members)
        {
            var own = overrides?[$"{Table}.{key}"] ?? (overrides?[Table] as JsonObject)?[key];
            var value = own?.DeepClone() ?? NodeOf(WireMessage.Member(table, key));
            if (value is not null)
            {
                policy[member] = value;
            }
        }

        return parameters;
    }

    /// <summary>
    /// Whether a resumed thread has the sandbox that was asked for. A thread that was loaded already keeps the one that it was loaded with,
    /// and <c>thread/resume</c> answers as if all were well (measured on 0.169.0 and 0.171.0).
    /// </summary>
    /// <param name="setup">How it was to be loaded.</param>
    /// <param name="resumed">The answer to <c>thread/resume</c>. What it does not say is not checked.</param>
    public static bool IsAs(ThreadSetup setup, JsonElement resumed)
    {
        var profile = WireMessage.Member(resumed, "activePermissionProfile");
        return setup switch
        {
            { Sandbox: { } mode } => Spoken(mode)
                == (WireMessage.TextOf(WireMessage.Member(WireMessage.Member(resumed, "sandbox"), "type")) ?? Spoken(mode)),
            { Config: { } config } when config[Profile] is { } asked && profile.ValueKind != JsonValueKind.Undefined => WireMessage.TextOf(
                WireMessage.Member(profile, "id")
            ) == asked.ToString(),
            _ => true,
        };
    }

    // A request says danger-full-access, an answer dangerFullAccess.
    private static string Spoken(string mode)
    {
        var words = mode.Split('-');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static JsonObject Policy(string type) => new() { ["sandboxPolicy"] = new JsonObject { ["type"] = type } };

    private static JsonNode? NodeOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonNode.Parse(value.GetRawText());
}
