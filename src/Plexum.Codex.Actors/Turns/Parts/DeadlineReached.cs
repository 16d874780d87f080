using Akka.Actor;

namespace Plexum.Codex.Turns.Parts;

/// <summary>The turn has taken as long as it may.</summary>
internal sealed record DeadlineReached
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(1);

    /// <summary>Tells an actor when the time is up.</summary>
    /// <param name="timers">The actor's timers.</param>
    /// <param name="after">How long the turn may still take.</param>
    public static void Start(ITimerScheduler timers, TimeSpan after) =>
        timers.StartSingleTimer("deadline", new DeadlineReached(), after > Min ? after : Min);
}
