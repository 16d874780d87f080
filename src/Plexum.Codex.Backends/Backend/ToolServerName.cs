using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>
/// The name of an agent's MCP server in codex: <c>plexum-host-</c> and the agent's id. Dots become underscores, since codex reads
/// a dot as the end of a table name. An id changed that way gets a short hash, so that no two agents share a name.
/// </summary>
public static class ToolServerName
{
    private const string Prefix = "plexum-host-";

    /// <summary>The name of an agent's server.</summary>
    public static string Of(AgentId agent)
    {
        var safe = agent.Value.Replace('.', '_');
        return safe == agent.Value ? Prefix + safe : $"{Prefix}{safe}-{Hash(agent.Value, 4)}";
    }

    /// <summary>Whether a server in codex's configuration belongs to an agent.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// The namespace of a call as readers get it. Codex shows the tools of an MCP server in <c>mcp__plexum_host_alice</c>; in
    /// <c>dynamicTools</c> it reserves such names, so there the namespace is the server's name (measured on 0.169.0 and 0.171.0). A host
    /// sees the same for both.
    /// </summary>
    public static string NamespaceOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return IsOne(scope) ? $"mcp__{scope.Replace('-', '_')}" : scope;
    }

    /// <summary>The first bytes of a text's hash, in hexadecimal digits.</summary>
    public static string Hash(string text, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
