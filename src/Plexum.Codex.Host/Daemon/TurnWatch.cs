using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>
/// Hears of the start and the end of one turn from the moment of its making on, so that whoever looks at the turn afterwards
/// misses neither.
/// </summary>
internal sealed class TurnWatch : IDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AgentProtocol.TurnEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IActorRef _feed;
    private readonly TurnId _turn;

    public TurnWatch(IActorRef feed, TurnId turn)
    {
        (_feed, _turn) = (feed, turn);
        feed.Tell(new TurnFeedProtocol.Begin(turn, this), ActorRefs.NoSender);
    }

    /// <summary>The turn.</summary>
    public TurnId TurnId => _turn;

    /// <summary>Completes when the turn's log is there.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when all is in the turn's log, or told here instead.</summary>
    public Task<AgentProtocol.TurnEnded> Ended => _ended.Task;

    public void TurnStarted() => _started.TrySetResult();

    public void TurnEnded(AgentProtocol.TurnEnded ended) => _ended.TrySetResult(ended);

    public void Dispose() => _feed.Tell(new TurnFeedProtocol.End(_turn, this), ActorRefs.NoSender);
}
