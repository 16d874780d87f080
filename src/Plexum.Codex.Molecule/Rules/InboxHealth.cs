using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>What an inbox knows of the platform and of its journal. Belongs to <see cref="InboxActor"/>.</summary>
/// <param name="time">The clock of the records.</param>
internal sealed class InboxHealth(TimeProvider time)
{
    private int _platformFailures;
    private int _journalFailures;

    /// <summary>What the inbox is doing. Once refused it stays refused.</summary>
    public InboxPhase Phase { get; private set; }

    /// <summary>The last problem of the platform or the journal, and when it was seen.</summary>
    public (string Text, DateTimeOffset At)? LastError { get; private set; }

    /// <summary>When the platform last answered a poll; null for never.</summary>
    public DateTimeOffset? LastPolledAt { get; private set; }

    /// <summary>What the children of the inbox need to know of the platform.</summary>
    public PlatformHealth Platform =>
        Phase switch
        {
            InboxPhase.Refused => PlatformHealth.Refused,
            InboxPhase.PlatformDown => PlatformHealth.Down,
            _ => PlatformHealth.Up,
        };

    /// <summary>The platform answered a poll.</summary>
    /// <returns>How many polls had failed in a row before; 0 for none.</returns>
    public int PlatformAnswered()
    {
        LastPolledAt = time.GetUtcNow();
        var failures = _platformFailures;
        _platformFailures = 0;
        Phase = Phase == InboxPhase.PlatformDown ? InboxPhase.Listening : Phase;
        return failures;
    }

    /// <summary>A poll failed.</summary>
    /// <returns>How many have failed in a row, counting this one.</returns>
    public int PlatformFailed(string problem)
    {
        NoteError(problem);
        Phase = Phase == InboxPhase.Refused ? Phase : InboxPhase.PlatformDown;
        return ++_platformFailures;
    }

    /// <summary>The platform refuses the workspace.</summary>
    /// <returns>False when that was known already.</returns>
    public bool Refuse(string problem)
    {
        if (Phase == InboxPhase.Refused)
        {
            return false;
        }

        NoteError(problem);
        Phase = InboxPhase.Refused;
        return true;
    }

    /// <summary>The journal was read or written.</summary>
    public void JournalAnswered()
    {
        _journalFailures = 0;
        Phase = Phase == InboxPhase.JournalDown ? InboxPhase.Listening : Phase;
    }

    /// <summary>The journal could not be read or written.</summary>
    /// <returns>How often in a row, counting this one.</returns>
    public int JournalFailed(string problem)
    {
        NoteError(problem);
        Phase = Phase == InboxPhase.Refused ? Phase : InboxPhase.JournalDown;
        return ++_journalFailures;
    }

    /// <summary>Keeps a problem for the status.</summary>
    public void NoteError(string problem) => LastError = (problem, time.GetUtcNow());
}
