using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The log, and what the actor tells itself.</summary>
public sealed partial class AgentActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void AnswerConsume(IActorRef asker, AgentProtocol.IReply answer)
    {
        if (answer is AgentProtocol.ConsumeAnswered { Result: var result })
        {
            _log.Info("codex session mutate complete agent={AgentId} touched={Touched} requested={Requested}", _id, result.Touched, result.Requested);
        }
        else if (answer is AgentProtocol.ConsumeFailed { Failure: var failure })
        {
            _log.Warning("codex session mutate failed agent={AgentId} err={Error}", _id, failure.Message);
        }

        asker.Tell(answer);
    }

    private void LogRefused(TurnId turn, string code) => _log.Info("codex: turn refused agent={AgentId} turn={TurnId} reason={Reason}", _id, turn, code);

    private void LogRecovered(int started, int queued, int ended) => _log.Info(
        "codex: turns recovered agent={AgentId} started={Started} queued={Queued} ended={Ended}", _id, started, queued, ended);

    /// <summary>The registry wants to put the agent away.</summary>
    internal sealed record StopIfIdle
    {
        public static StopIfIdle Instance { get; } = new();
    }

    private sealed record TurnLost(IActorRef Actor) : IDeadLetterSuppression;

    private sealed class CurrentTurn(QueuedTurn queued, TurnHold hold, IActorRef actor)
    {
        public QueuedTurn Queued => queued;

        public TurnHold Hold => hold;

        public IActorRef Actor => actor;

        /// <summary>Where the turn stands, as far as this actor was told.</summary>
        public TurnPhase Phase { get; set; }

        /// <summary>Whether its tools can be changed.</summary>
        public bool HasTools { get; set; }
    }
}
