namespace Plexum.Codex.Host.Plugin;

/// <summary>
/// All names of Plexum's own protocol that this program knows. The real ones are not public: only <c>mcp-host</c>, the prefix
/// <c>notifications/plexum/</c>, <c>_meta.agent_id</c> and the manifest's values were ever seen. Once Plexum's SDK can be read, the names are
/// changed here and the shapes of the frames in <c>PlexumFrames</c>; nothing else knows of either.
/// </summary>
internal static class PlexumMethods
{
    /// <summary>The plugin's name, as its manifest has it.</summary>
    public const string PluginName = "plexum-openai-provider";

    /// <summary>The plugin's version, as its manifest has it.</summary>
    public const string PluginVersion = "0.1.0";

    /// <summary>The name of the plugin's executable, as its manifest has it.</summary>
    public const string Executable = "plexum-openai-provider-plugin";

    /// <summary>Host to plugin: what the plugin is. It comes before <see cref="Init"/>.</summary>
    public const string Manifest = "plexum/manifest";

    /// <summary>Host to plugin: read the configuration and be ready.</summary>
    public const string Init = "plexum/init";

    /// <summary>Host to plugin: run a turn of an agent's, or go on with one.</summary>
    public const string Stream = "plexum/provider/stream";

    /// <summary>Host to plugin: end a turn early.</summary>
    public const string Cancel = "plexum/provider/cancel";

    /// <summary>Host to plugin: take tool calls out of an agent's thread.</summary>
    public const string MutateSession = "plexum/provider/mutate_session";

    /// <summary>Plugin to host, a notification: an event of a turn.</summary>
    public const string StreamEvent = "notifications/plexum/provider/event";

    /// <summary>Plugin to host, a notification: a line for the host's log.</summary>
    public const string HostLog = "notifications/plexum/log";

    /// <summary>Plugin to host: call a tool that the host has given the turn.</summary>
    public const string CallHostTool = "plexum/host/call_tool";

    /// <summary>The member of <c>_meta</c> of <c>tools/call</c> that names the agent on whose behalf it is called.</summary>
    public const string AgentIdMeta = "agent_id";
}
