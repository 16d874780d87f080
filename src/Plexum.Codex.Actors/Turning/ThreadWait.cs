using System.Globalization;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>
/// A turn's wait for a thread that another process writes to: first a quarter of a second, then twice as long, up to five seconds at a
/// time and a limit in all.
/// </summary>
internal sealed class ThreadWait(TimeSpan limit)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>How long the turn has waited.</summary>
    public TimeSpan Waited { get; private set; }

    public bool HasBegun => Waited > TimeSpan.Zero;

    /// <summary>How long to wait now; null when the turn has waited long enough.</summary>
    public TimeSpan? Next()
    {
        if (Waited >= limit)
        {
            return null;
        }

        var wait = Waited < FirstWait ? FirstWait : Waited > MaxWait ? MaxWait : Waited;
        Waited += wait;
        return wait;
    }

    /// <summary>The notice that a turn waits.</summary>
    public static CanonicalEvent.Notice Notice(string writer, ThreadId? thread) =>
        new(NoticeCodes.ThreadBusy, $"{writer} writes to the thread {thread}; the turn waits for it.");

    /// <summary>The error of a turn that has waited long enough.</summary>
    public TurnFailure Failure(string writer, ThreadId? thread) => new(
        "thread_busy",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{writer} writes to the thread {thread} and still did after {Waited.TotalSeconds:0.#} seconds. "
            + $"End it or wait for it, then send the message again."),
        TurnErrorClass.Session,
        Retryable: true);
}
