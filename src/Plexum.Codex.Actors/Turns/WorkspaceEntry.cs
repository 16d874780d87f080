using Plexum.Codex.Events;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>
/// What a turn finds in place of its workspace when it starts: the directory that its agent knows, a new one, or another one. It may have
/// been deleted since the turn was accepted, or while no program ran.
/// </summary>
internal sealed class WorkspaceEntry
{
    private readonly string _named;
    private readonly WorkspaceMark _mark;
    private readonly bool _isEmpty;
    private readonly bool _isOther;

    private WorkspaceEntry(string named, WorkspaceMark mark, bool isOther, bool wasGone)
    {
        (_named, _mark, _isOther) = (named, mark, isOther);
        _isEmpty = isOther && IsEmpty(named, wasGone);
    }

    /// <summary>Whether the agent finds nothing of what it left there, not even its session file.</summary>
    public bool IsMadeAnew => _isOther && _isEmpty;

    /// <summary>Makes a workspace that is gone anew, or refuses the turn, as the settings say. File work.</summary>
    /// <param name="rules">Where workspaces may lie, and what the settings say.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="refusal">Why the turn must not start; null if it may.</param>
    /// <returns>Null if there is no workspace.</returns>
    public static WorkspaceEntry? Enter(WorkspaceRules rules, TurnToRun turn, out TurnRefusal? refusal)
    {
        refusal = null;
        if (turn.Request.Workspace is not { Length: > 0 } named)
        {
            return null;
        }

        var mark = new WorkspaceMark(new AgentDirectory(rules.Profile, turn.AgentId), named);
        var isGone = RealPath.OfDirectory(Path.GetFullPath(named)) is null;
        var (isOther, isUnmounted, wasGone) = Compare(mark);
        if (isGone ? turn.AcceptedAt is not null || mark.IsKnown : isUnmounted && rules.Settings.Missing == MissingWorkspace.Refuse)
        {
            refusal = MakeAnew(rules, turn, named, mark);
        }

        return Directory.Exists(named) ? new WorkspaceEntry(named, mark, isGone || isOther, isGone || wasGone) : null;
    }

    // A mark that cannot be read says nothing.
    private static (bool IsOther, bool IsUnmounted, bool WasGone) Compare(WorkspaceMark mark)
    {
        try
        {
            return (mark.IsOfAnother(), mark.IsUnmounted(), mark.WasGone());
        }
        catch (IOException)
        {
            return (false, false, false);
        }
    }

    // A turn that an earlier process of this program left may have written the session file into a directory that was made anew. In any
    // other one it is what the agent left there: the directory was restored, or copied.
    private static bool IsEmpty(string directory, bool wasGone)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(directory).All(path => wasGone && Path.GetFileName(path) == SessionFile.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What the turn's readers are to know.</summary>
    /// <param name="thread">The thread that the turn continues, or null.</param>
    public CanonicalEvent.Notice? ToNotice(ThreadId? thread)
    {
        if (!_isOther)
        {
            return null;
        }

        var memory = thread is null ? "" : $" The turn continues the agent's thread {thread}, which may speak of files that are not there.";
        return IsMadeAnew
            ? new CanonicalEvent.Notice(
                NoticeCodes.WorkspaceMadeAnew,
                $"The workspace {_named}, which was there before, was gone. The turn begins in a new, empty directory.{memory}"
            )
            : new CanonicalEvent.Notice(
                NoticeCodes.WorkspaceReplaced,
                $"The workspace {_named} is another directory than the one that was there before.{memory}"
            );
    }

    /// <summary>Remembers the directory, once the notice is written. File work.</summary>
    /// <exception cref="IOException">It cannot be remembered.</exception>
    public void Remember() => _mark.Keep();

    private static TurnRefusal? MakeAnew(WorkspaceRules rules, TurnToRun turn, string named, WorkspaceMark mark)
    {
        if (rules.Settings.Missing == MissingWorkspace.Refuse)
        {
            return TurnRefusal.WorkspaceGone(named);
        }

        if (rules.WhyNot(named, turn.AgentId, turn.Submitter) is { } why)
        {
            return TurnRefusal.WorkspaceNotAllowed(named, why);
        }

        try
        {
            Directory.CreateDirectory(named);
            mark.KeepGone();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TurnRefusal.WorkspaceNotMade(named, e);
        }
    }
}
