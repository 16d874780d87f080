using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

/// <summary>The thread of a turn: the one that codex is asked to continue, and the one that it names. Not thread-safe.</summary>
/// <param name="resume">The thread that codex is asked to resume, or null for a new one.</param>
/// <param name="baseline">The last known token total of that thread.</param>
internal sealed class TurnThread(ThreadId? resume, Usage? baseline)
{
    private Usage? _baseline = resume is null ? Usage.Zero : baseline;

    /// <summary>The thread that codex is asked to resume; null for a new one.</summary>
    public ThreadId? Resumed { get; private set; } = resume;

    /// <summary>The thread that codex works in; null before it has named one that can be resumed.</summary>
    public ThreadId? Named { get; private set; }

    /// <summary>Whether codex has named its thread, even by an id that cannot be used.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>codex names its thread.</summary>
    /// <param name="text">The thread's id as codex wrote it.</param>
    /// <returns>What readers should know about it; null for nothing.</returns>
    public CanonicalEvent.Notice? Name(string text)
    {
        IsNamed = true;
        if (!ThreadId.TryParse(text, out var thread))
        {
            return new CanonicalEvent.Notice(
                NoticeCodes.ThreadUnusable,
                "codex named a thread whose id is not a UUID; the next turn cannot resume it and begins a new one."
            );
        }

        Named = thread;
        if (Resumed is not { } asked || asked == thread)
        {
            return null;
        }

        (Resumed, _baseline) = (thread, Usage.Zero);
        return new CanonicalEvent.Notice(
            NoticeCodes.ThreadChanged,
            $"codex was asked to resume thread {asked} but continued in {thread}, which may lack the earlier conversation."
        );
    }

    /// <summary>Gives up the thread that codex is asked to resume, because it is gone; codex begins a new one.</summary>
    /// <returns>The notice that the context is lost.</returns>
    /// <exception cref="InvalidOperationException">The turn resumes no thread.</exception>
    public CanonicalEvent.Notice GiveUp()
    {
        if (Resumed is not { } lost)
        {
            throw new InvalidOperationException("The turn cannot give up its thread: it resumes none.");
        }

        (Resumed, _baseline) = (null, Usage.Zero);
        return new CanonicalEvent.Notice(
            NoticeCodes.ThreadLost,
            $"codex no longer knows the thread {lost}. The turn begins a new thread without the earlier conversation."
        );
    }

    /// <summary>
    /// The thread's token total before the turn; null if unknown. What stands in the rollout includes a fork's parent, and turns that
    /// somebody took in the thread without this program.
    /// </summary>
    /// <param name="inRollout">The total before the turn in the thread's rollout; null if that does not tell it.</param>
    public Usage? TotalBefore(Usage? inRollout) =>
        inRollout is { } found && (_baseline is not { } known || found.Includes(known)) ? found : _baseline;
}
