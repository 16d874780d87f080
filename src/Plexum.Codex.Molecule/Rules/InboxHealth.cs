using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>What an inbox knows of the platform and of its journal. Belongs to <see cref="InboxActor"/>.</summary>
internal sealed class InboxHealth
{
    // With the back-off between them, so many take about half a minute: no platform needs a person before.
    private const int FailuresOfProblem = 5;

    private readonly TimeProvider _time;
    private readonly IProblemReporter? _problems;
    private int _platformFailures;
    private int _journalFailures;
    private bool _isRefused;

    /// <summary>That of an inbox that begins, perhaps after it has failed: what it told of the platform before is over.</summary>
    /// <param name="time">The clock of the records.</param>
    /// <param name="problems">Is told when the platform is gone for long or refuses the workspace; null for nobody.</param>
    public InboxHealth(TimeProvider time, IProblemReporter? problems = null)
    {
        (_time, _problems) = (time, problems);
        problems?.Ends(ProblemKinds.PlatformDown);
        problems?.Ends(ProblemKinds.PlatformRefused);
    }

    /// <summary>What the inbox is doing. Once refused it stays refused.</summary>
    public InboxPhase Phase =>
        _isRefused ? InboxPhase.Refused
        : _journalFailures > 0 ? InboxPhase.JournalDown
        : _platformFailures > 0 ? InboxPhase.PlatformDown
        : InboxPhase.Listening;

    /// <summary>The last problem of the platform or the journal, and when it was seen.</summary>
    public (string Text, DateTimeOffset At)? LastError { get; private set; }

    /// <summary>When the platform last answered a poll; null for never.</summary>
    public DateTimeOffset? LastPolledAt { get; private set; }

    /// <summary>What the children of the inbox need to know of the platform.</summary>
    public PlatformHealth Platform =>
        _isRefused ? PlatformHealth.Refused
        : _platformFailures > 0 ? PlatformHealth.Down
        : PlatformHealth.Up;

    /// <summary>The platform answered a poll.</summary>
    /// <returns>How many polls had failed in a row before; 0 for none.</returns>
    public int PlatformAnswered()
    {
        LastPolledAt = _time.GetUtcNow();
        var failures = _platformFailures;
        _platformFailures = 0;
        _problems?.Ends(ProblemKinds.PlatformDown);
        return failures;
    }

    /// <summary>A poll failed.</summary>
    /// <returns>How many have failed in a row, counting this one.</returns>
    public int PlatformFailed(string problem)
    {
        NoteError(problem);
        if (++_platformFailures >= FailuresOfProblem && !_isRefused)
        {
            _problems?.Begins(ProblemKinds.PlatformDown, $"The molecule platform does not answer: {ForeignText.Mask(problem)}");
        }

        return _platformFailures;
    }

    /// <summary>The platform refuses the workspace.</summary>
    /// <returns>False when that was known already.</returns>
    public bool Refuse(string problem)
    {
        if (_isRefused)
        {
            return false;
        }

        NoteError(problem);
        _isRefused = true;
        _problems?.Ends(ProblemKinds.PlatformDown);
        _problems?.Begins(ProblemKinds.PlatformRefused, $"The molecule platform refuses the workspace: {ForeignText.Mask(problem)}");
        return true;
    }

    /// <summary>The journal was read or written.</summary>
    public void JournalAnswered() => _journalFailures = 0;

    /// <summary>The journal could not be read or written.</summary>
    /// <returns>How often in a row, counting this one.</returns>
    public int JournalFailed(string problem)
    {
        NoteError(problem);
        return ++_journalFailures;
    }

    /// <summary>Keeps a problem for the status.</summary>
    public void NoteError(string problem) => LastError = (problem, _time.GetUtcNow());
}
