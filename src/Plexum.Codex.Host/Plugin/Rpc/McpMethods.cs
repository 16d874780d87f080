namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The names of MCP that this program has to know itself.</summary>
internal static class McpMethods
{
    /// <summary>Tells that nobody waits for a request any more.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>The parameter of <see cref="Cancelled"/> that names the request.</summary>
    public const string CancelledId = "requestId";
}
