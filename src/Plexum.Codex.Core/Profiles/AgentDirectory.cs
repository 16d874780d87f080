using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Profiles;

/// <summary>
/// An agent's directory in the profile, <c>&lt;profile&gt;/agents/&lt;id&gt;/</c>. It contains <c>workspace/</c> (unless the host
/// names another one), <c>turns/</c>, the agent's lock file, its thread and the thread's last usage. Only the owner has access.
/// </summary>
public sealed class AgentDirectory
{
    /// <summary>Computes the paths of an agent's directory; creates nothing.</summary>
    /// <param name="profile">The root of the profile, an absolute path.</param>
    /// <param name="agentId">The agent.</param>
    public AgentDirectory(string profile, AgentId agentId)
    {
        AgentId = agentId;
        Root = Path.Combine(profile, "agents", agentId.Value);
        DefaultWorkspace = Path.Combine(Root, "workspace");
        Turns = Path.Combine(Root, "turns");
        WorkspaceMarks = Path.Combine(Root, "workspaces");
        LockFile = Path.Combine(Root, "lock");
        ThreadFile = Path.Combine(Root, "thread");
        ThreadUsageFile = Path.Combine(Root, "thread-usage.json");
        ThreadStandingFile = Path.Combine(Root, "thread-standing.json");
    }

    /// <summary>The agent.</summary>
    public AgentId AgentId { get; }

    /// <summary>The directory itself.</summary>
    public string Root { get; }

    /// <summary>The workspace of an agent whose host does not name one.</summary>
    public string DefaultWorkspace { get; }

    /// <summary>The directory that contains the <see cref="TurnDirectory"/>s.</summary>
    public string Turns { get; }

    /// <summary>The directory of the <see cref="WorkspaceMark"/>s.</summary>
    public string WorkspaceMarks { get; }

    /// <summary>The lock file that keeps two processes from running turns of the agent at once.</summary>
    public string LockFile { get; }

    /// <summary>The record of the thread that the agent continues.</summary>
    public string ThreadFile { get; }

    /// <summary>The file with the thread's last usage.</summary>
    public string ThreadUsageFile { get; }

    /// <summary>The file with what the agent's turns found out about the thread.</summary>
    public string ThreadStandingFile { get; }

    /// <summary>Creates whatever part of the directory is missing, except the workspace.</summary>
    /// <exception cref="CodexException">It cannot be created; the message names the directory and the reason.</exception>
    public void Create()
    {
        try
        {
            OwnerOnly.CreateDirectory(Turns);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException(
                $"The agent's directory {Root} cannot be created: {e.Message} Check the profile's path and permissions.",
                e
            );
        }
    }
}
