namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>
/// All names of Plexum's own protocol. The real ones are not public: only <c>mcp-host</c>, the prefix <c>notifications/plexum/</c>,
/// <c>_meta.agent_id</c> and the manifest's values are confirmed. Once Plexum's SDK is available, correct the names here and the shapes of
/// the frames in <c>PlexumFrames</c> and <c>PlexumParams</c>; nothing else depends on them.
/// </summary>
internal static class PlexumMethods
{
    /// <summary>The plugin's name in its manifest.</summary>
    public const string PluginName = "plexum-openai-provider";

    /// <summary>The plugin's version in its manifest.</summary>
    public static string PluginVersion => OwnVersion.Number;

    /// <summary>The name of the plugin's executable in its manifest.</summary>
    public const string Executable = "plexum-openai-provider-plugin";

    /// <summary>Host to plugin: return the manifest. Sent before <see cref="Init"/>.</summary>
    public const string Manifest = "plexum/manifest";

    /// <summary>Host to plugin: read the configuration and get ready.</summary>
    public const string Init = "plexum/init";

    /// <summary>Host to plugin: run a turn of an agent, or resume its events.</summary>
    public const string Stream = "plexum/provider/stream";

    /// <summary>Host to plugin: cancel a turn.</summary>
    public const string Cancel = "plexum/provider/cancel";

    /// <summary>Host to plugin: consume tool calls in an agent's thread.</summary>
    public const string ConsumeSession = "plexum/provider/mutate_session";

    /// <summary>Plugin to host, notification: an event of a turn.</summary>
    public const string StreamEvent = "notifications/plexum/provider/event";

    /// <summary>Plugin to host, notification: an entry for the host's log.</summary>
    public const string PlexumHostLog = "notifications/plexum/log";

    /// <summary>Plugin to host: call a tool that the host gave the turn.</summary>
    public const string CallHostTool = "plexum/host/call_tool";

    /// <summary>The member of <c>_meta</c> in <c>tools/call</c> that names the agent the call is for.</summary>
    public const string AgentIdMeta = "agent_id";
}
