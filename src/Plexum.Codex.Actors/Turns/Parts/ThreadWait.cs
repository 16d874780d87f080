using System.Globalization;
using Plexum.Codex.Events;

namespace Plexum.Codex.Turns.Parts;

/// <summary>
/// How long a turn waits for a thread that another process writes to: first a quarter of a second, then twice as long each time, up
/// to five seconds each and a limit in total.
/// </summary>
internal sealed class ThreadWait(TimeSpan limit)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>The total time of the waits so far.</summary>
    public TimeSpan Waited { get; private set; }

    public bool HasBegun => Waited > TimeSpan.Zero;

    /// <summary>The next wait; null when the limit is reached.</summary>
    public TimeSpan? Next()
    {
        if (Waited >= limit)
        {
            return null;
        }

        var wait =
            Waited < FirstWait ? FirstWait
            : Waited > MaxWait ? MaxWait
            : Waited;
        Waited += wait;
        return wait;
    }

    /// <summary>The notice that the turn is waiting.</summary>
    public static CanonicalEvent.Notice Notice(string writer, ThreadId? thread) =>
        new(NoticeCodes.ThreadBusy, $"Thread {thread} is locked by {writer}; the turn is waiting for it.");

    /// <summary>The error of a turn that reached the limit.</summary>
    public TurnFailure Failure(string writer, ThreadId? thread) =>
        new(
            "thread_busy",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Thread {thread} was still locked by {writer} after {Waited.TotalSeconds:0.#} s. "
                    + $"Stop that process or wait for it, then send the message again."
            ),
            TurnErrorClass.Session,
            Retryable: true
        );
}
