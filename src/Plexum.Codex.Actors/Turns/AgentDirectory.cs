using Plexum.Codex.Posix;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Turns;

/// <summary>
/// Where an agent's things lie in the profile: <c>&lt;profile&gt;/agents/&lt;id&gt;/</c> with <c>workspace/</c> (unless the host
/// has another one), <c>turns/</c>, the lock between processes and the thread's last usage. Only the owner may enter.
/// </summary>
public sealed class AgentDirectory
{
    /// <summary>Names the directory of an agent; nothing is created.</summary>
    /// <param name="profile">The root of the profile, an absolute path.</param>
    /// <param name="agentId">The agent.</param>
    public AgentDirectory(string profile, AgentId agentId)
    {
        AgentId = agentId;
        Root = Path.Combine(profile, "agents", agentId.Value);
        DefaultWorkspace = Path.Combine(Root, "workspace");
        Turns = Path.Combine(Root, "turns");
        LockFile = Path.Combine(Root, "lock");
        ThreadUsageFile = Path.Combine(Root, "thread-usage.json");
    }

    /// <summary>The agent.</summary>
    public AgentId AgentId { get; }

    /// <summary>The directory itself.</summary>
    public string Root { get; }

    /// <summary>The workspace of an agent whose host names none.</summary>
    public string DefaultWorkspace { get; }

    /// <summary>The directory of the <see cref="TurnDirectory"/>s.</summary>
    public string Turns { get; }

    /// <summary>The file of the lock between processes.</summary>
    public string LockFile { get; }

    /// <summary>The file of the thread's last usage.</summary>
    public string ThreadUsageFile { get; }

    /// <summary>Creates what is missing of it, but not the workspace.</summary>
    /// <exception cref="CodexException">It cannot be created; the message names it and the reason.</exception>
    public void Create()
    {
        try
        {
            OwnerOnly.CreateDirectory(Turns);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"The agent's directory {Root} cannot be created: {e.Message} Check the profile's path and permissions.", e);
        }
    }
}
