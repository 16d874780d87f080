using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents.Checks;

/// <summary>Checks a workspace before a turn.</summary>
public static class Workspace
{
    /// <summary>Creates the workspace if it is missing and checks that it is writable and that the turn may work there.</summary>
    /// <param name="path">The path as the host gave it.</param>
    /// <param name="rules">Which directories may be workspaces.</param>
    /// <param name="agent">The agent whose turn it is.</param>
    /// <param name="submitter">Who asks for it.</param>
    /// <returns>Why the turn is refused, or null if the workspace can be used.</returns>
    public static TurnRefusal? Prepare(string? path, WorkspaceRules rules, AgentId agent, Submitter submitter)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (string.IsNullOrEmpty(path))
        {
            return TurnRefusal.WorkspaceRequired;
        }

        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return new TurnRefusal(
                TurnRefusalReason.WorkspaceNotAbsolute,
                $"codex: workspace \"{path}\" is not an absolute path; give one that starts with /"
            );
        }

        // Before anything is created, and again once it is: a link may have been put in its way meanwhile.
        if (rules.WhyNot(path, agent, submitter) is { } forbidden)
        {
            return TurnRefusal.WorkspaceNotAllowed(path, forbidden);
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotWritable(path, e.Message.TrimEnd('.'));
        }

        if (rules.WhyNot(path, agent, submitter) is { } now)
        {
            return TurnRefusal.WorkspaceNotAllowed(path, now);
        }

        return Libc.Access(Path.GetFullPath(path), Libc.MayWriteAndEnter) == 0 ? null : NotWritable(path, Libc.LastErrorText());
    }

    private static TurnRefusal NotWritable(string path, string why) =>
        new(
            TurnRefusalReason.WorkspaceNotWritable,
            $"codex: workspace {path} cannot be used: {why}; make it a directory that this user may write to, or name another one"
        );
}
