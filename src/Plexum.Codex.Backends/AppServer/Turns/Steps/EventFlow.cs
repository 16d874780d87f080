using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Hands a turn its events, never more than one batch at a time, so that a slow disk or reader slows the telling and fills no memory. What
/// need not be told at once waits for the window of <see cref="AppServerTurnSettings.DeltaWindow"/>; the first piece after a silence does
/// not, whatever else was told before it. Belongs to an actor.
/// </summary>
/// <param name="window">How long pieces are collected; zero for not at all.</param>
/// <param name="turn">The turn.</param>
/// <param name="self">The actor.</param>
/// <param name="time">The clock.</param>
internal sealed class EventFlow(TimeSpan window, IActorRef turn, IActorRef self, TimeProvider time)
{
    private const string Timer = "tell";

    private long? _toldAt;

    /// <summary>Whether a batch is on its way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Why a batch could not be written; null if all could.</summary>
    public string? Lost { get; private set; }

    /// <summary>Tells what waits, now or later.</summary>
    /// <param name="mapper">Has the events.</param>
    /// <param name="timers">The actor's timers.</param>
    /// <param name="all">Whether all that waits is to be told at once.</param>
    public void Tell(ServerTurnMapper mapper, ITimerScheduler timers, bool all = false)
    {
        if (IsBusy || Lost is not null || !mapper.HasEvents)
        {
            return;
        }

        var rest = _toldAt is { } told && !all && !mapper.IsUrgent ? window - time.GetElapsedTime(told) : TimeSpan.Zero;
        if (rest > TimeSpan.Zero)
        {
            timers.StartSingleTimer(Timer, TellNow.Instance, rest);
            return;
        }

        var batch = mapper.Drain();
        if (batch.Any(IsPiece))
        {
            _toldAt = time.GetTimestamp();
        }

        if (!batch.IsEmpty)
        {
            IsBusy = true;
            turn.Tell(new CodexBackendProtocol.Events(batch), self);
        }
        else if (mapper.HasEvents)
        {
            timers.StartSingleTimer(Timer, TellNow.Instance, CommandOutputs.Interval);
        }
    }

    /// <summary>The turn has answered.</summary>
    /// <returns>Whether the batch is written.</returns>
    public bool Take(CodexBackendProtocol.IEventsAnswer answer)
    {
        IsBusy = false;
        Lost ??= (answer as CodexBackendProtocol.EventsLost)?.Reason;
        return Lost is null;
    }

    private static bool IsPiece(CanonicalEvent told) =>
        told
            is CanonicalEvent.TextDelta { Item: not null }
                or CanonicalEvent.ThinkingDelta { Item: not null }
                or CanonicalEvent.Activity { Phase: ActivityPhase.Updated };
}

/// <summary>The window is over.</summary>
internal sealed record TellNow
{
    /// <summary>The only instance.</summary>
    public static TellNow Instance { get; } = new();
}
