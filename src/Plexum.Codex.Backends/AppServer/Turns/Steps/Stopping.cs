using Akka.Actor;
using Plexum.Codex.Backend;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Stops a turn that runs: first by an interrupt, to which the server answers within 35 ms (measured on 0.169.0), but which it refuses
/// until
/// it has said <c>turn/started</c>, some 3 ms after its answer to <c>turn/start</c> (measured on 0.169.0 and 0.171.0); then, or at once, by
/// unloading the thread, which ends what it runs; if the server does neither in time, the turn ends without it, and what may go on is told.
/// Belongs to an actor.
/// </summary>
/// <param name="thread">The thread.</param>
/// <param name="grace">How long each step may take.</param>
internal sealed class Stopping(ServerThread thread, TimeSpan grace)
{
    private const string Timer = "stop";

    private bool _isBegun;
    private bool _isInterrupted;
    private bool _isUnloading;

    /// <summary>Why the turn was told to stop; null if it was not.</summary>
    public StopCause? Cause { get; private set; }

    /// <summary>Whether it is to stop at once.</summary>
    public bool IsForced { get; private set; }

    /// <summary>The turn is told to stop. The first cause counts.</summary>
    public void Demand(StopCause? cause, bool force) => (Cause, IsForced) = (Cause ?? cause, IsForced || force);

    /// <summary>Takes the first step, or the second one if it is to stop at once.</summary>
    /// <param name="started">
    /// The server's id of the turn; null until the server has said that it has started. Then this is called again.
    /// </param>
    /// <param name="timers">The actor's timers.</param>
    public void Begin(string? started, ITimerScheduler timers)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            timers.StartSingleTimer(Timer, StopOverdue.Instance, grace);
        }

        if (!_isInterrupted && started is not null)
        {
            _isInterrupted = true;
            thread.Interrupt(started);
        }

        if (IsForced)
        {
            Unload(timers);
        }
    }

    /// <summary>A step has taken too long.</summary>
    /// <returns>Whether another follows.</returns>
    public bool Next(ITimerScheduler timers) => Unload(timers);

    private bool Unload(ITimerScheduler timers)
    {
        if (_isUnloading)
        {
            return false;
        }

        _isUnloading = true;
        thread.Unload();
        timers.StartSingleTimer(Timer, StopOverdue.Instance, grace);
        return true;
    }
}

/// <summary>A step of the stop takes too long.</summary>
internal sealed record StopOverdue
{
    /// <summary>The only instance.</summary>
    public static StopOverdue Instance { get; } = new();
}
