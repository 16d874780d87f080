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

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return new TurnRefusal(
                TurnRefusalReason.WorkspaceNotAbsolute,
                $"codex: workspace \"{path}\" has a NUL character, which no path can have; name a directory that exists or can be created"
            );
        }

        if (!Path.IsPathFullyQualified(path))
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

        if (Make(path, new WorkspaceMark(new AgentDirectory(rules.Profile, agent), path), rules.Settings.Missing) is { } unmade)
        {
            return unmade;
        }

        if (rules.WhyNot(path, agent, submitter) is { } now)
        {
            return TurnRefusal.WorkspaceNotAllowed(path, now);
        }

        return Libc.Access(Path.GetFullPath(path), Libc.MayWriteAndEnter) == 0
            ? null
            : TurnRefusal.WorkspaceNotWritable(path, Libc.LastErrorText());
    }

    private static TurnRefusal? Make(string path, WorkspaceMark mark, MissingWorkspace missing)
    {
        var isGone = !Directory.Exists(path) && mark.IsKnown;
        if (missing == MissingWorkspace.Refuse && (isGone || IsUnmounted(mark)))
        {
            return TurnRefusal.WorkspaceGone(path);
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TurnRefusal.WorkspaceNotMade(path, e);
        }

        if (isGone)
        {
            Remember(mark);
        }

        return null;
    }

    // A profile that cannot be read or written fails the turn itself, with better words.
    private static bool IsUnmounted(WorkspaceMark mark)
    {
        try
        {
            return mark.IsUnmounted();
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The turn that works in a directory made anew says so when it starts, and knows it by the mark. Without it, it says nothing.
    private static void Remember(WorkspaceMark mark)
    {
        try
        {
            mark.KeepGone();
        }
        catch (IOException)
        {
            // The directory is there, which is what counts.
        }
    }
}
