using Akka.Event;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>The messages of <see cref="CodexProcessActor"/>.</summary>
internal static class CodexProcessProtocol
{
    /// <summary>Stops codex early with SIGINT, then SIGTERM, then SIGKILL; or with SIGKILL at once.</summary>
    /// <param name="Cause">Why.</param>
    /// <param name="Force">Whether to kill it at once.</param>
    public sealed record Stop(ExecEndCause Cause, bool Force) : IDeadLetterSuppression;

    /// <summary>codex has exited and all its output is in the log. The actor has stopped.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="End">How codex ended; null if it could not be started.</param>
    /// <param name="Failure">Why it could not be started, or why its output could not be logged; null if neither was so.</param>
    public sealed record Ended(TurnId TurnId, ExecEnd? End, TurnFailure? Failure) : IDeadLetterSuppression;

    /// <summary>codex was started, or reattached after a restart of the daemon. Published on the event stream.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Pid">The number of codex's process.</param>
    public sealed record Started(TurnId TurnId, int Pid);

    /// <summary>codex was sent a signal that is to end it. Published on the event stream.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Signal">The signal.</param>
    public sealed record SignalSent(TurnId TurnId, ProcessSignal Signal);

    /// <summary>From the output stream: codex has reported the end of the turn.</summary>
    public sealed record OutputProgress(TurnProgress Progress) : IDeadLetterSuppression;

    /// <summary>From the output stream: all of codex's output is in the log.</summary>
    public sealed record OutputRead : IDeadLetterSuppression
    {
        public static OutputRead Instance { get; } = new();
    }

    /// <summary>From the output stream: codex's output could not be read, or its events could not be written.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record OutputFailed(string Reason) : IDeadLetterSuppression;
}
