using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Has the finished calls of a turn told while it goes on. After each answer of the model all its calls and their outputs are in the
/// rollout
/// (measured on 0.169.0 and 0.171.0), where they read as with exec. Belongs to an actor.
/// </summary>
/// <param name="rollout">The agent's <see cref="RolloutActor"/>.</param>
/// <param name="turn">The turn.</param>
/// <param name="sink">Receives the calls: the turn's actor.</param>
internal sealed class LiveReading(IActorRef rollout, TurnId turn, IActorRef sink)
{
    private long? _from;

    /// <summary>The ids of the calls that the log has.</summary>
    public ImmutableHashSet<string> Told { get; private set; } = [];

    /// <summary>Whether some are being read.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The turn begins, or goes on.</summary>
    /// <param name="isNew">Whether its thread is new, so that all of the rollout is the turn's.</param>
    /// <param name="mark">Where the turn's part of the rollout begins; null if unknown.</param>
    /// <param name="told">The calls that are told.</param>
    public void Begin(bool isNew, RolloutMark? mark, IEnumerable<string> told) =>
        (_from, Told) = (isNew ? 0 : mark?.Length, Told.Union(told));

    /// <summary>Reads them, unless they are being read or it is unknown where.</summary>
    /// <returns>Whether they are read now.</returns>
    public bool Read(ThreadId thread)
    {
        if (IsBusy || _from is not { } from)
        {
            return false;
        }

        IsBusy = true;
        rollout.Tell(new RolloutProtocol.ReadCalls(turn, thread, from, Told, sink));
        return true;
    }

    /// <summary>They are told.</summary>
    public void Take(RolloutProtocol.CallsRead read) => (IsBusy, Told, _from) = (false, read.Told, read.Next);

    /// <summary>The reader is gone.</summary>
    public void Lose() => (IsBusy, _from) = (false, null);
}
