using Akka.Actor;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Consumes: taken in, carried out between turns, answered.</summary>
public sealed partial class AgentActor
{
    private long _consumes;
    private QueuedConsume? _consume;

    private void Rewriting()
    {
        Receive<RolloutProtocol.Consumed>(
            consumed => EndConsume(new AgentProtocol.ConsumeAnswered(_id, consumed.Result)), IsCurrent);
        Receive<RolloutProtocol.NotConsumed>(
            refused => EndConsume(new AgentProtocol.ConsumeFailed(_id, refused.Failure)), IsCurrent);
        Always();
    }

    private void OnConsume(AgentProtocol.Consume command)
    {
        if (command.Mutations.IsDefaultOrEmpty)
        {
            Sender.Tell(new AgentProtocol.ConsumeAnswered(_id, new ConsumeResult(0, 0, [])));
        }
        else if (string.IsNullOrEmpty(command.Workspace) || !Path.IsPathFullyQualified(command.Workspace))
        {
            Fail(Sender, ConsumeFailureReason.BadWorkspace, $"codex: workspace \"{command.Workspace}\" is not an absolute path; give one that starts with /");
        }
        else if (_queue.IsFull)
        {
            Fail(Sender, ConsumeFailureReason.QueueFull, $"codex: agent {_id} has as much waiting as it may have; wait for a turn to end, or raise turns.queue-limit");
        }
        else
        {
            _queue.Add(new QueuedConsume(++_consumes, command, Sender));
            if (_phase == AgentPhase.Idle)
            {
                StartNext();
            }
        }
    }

    private void Begin(QueuedConsume consume)
    {
        _consume = consume;
        Enter(AgentPhase.Rewriting, Rewriting);
        Rollout().Tell(new RolloutProtocol.Consume(consume.Operation, new AgentDirectory(_environment.Profile, _id), consume.Command));
    }

    private void OnConsumeLost() => EndConsume(new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(
        ConsumeFailureReason.Host, "plexum-codex failed while it consumed tool calls; ask again, which does no harm. The log of the program says more.")));

    private void EndConsume(AgentProtocol.IReply answer)
    {
        Answer(_consume!.Sender, answer);
        _consume = null;
        StartNext();
    }

    // Called on the failed actor.
    private void Abandon(QueuedConsume consume, TurnFailure failure) =>
        Fail(consume.Sender, ConsumeFailureReason.Host, failure.Message);

    private void Fail(IActorRef sender, ConsumeFailureReason reason, string message) =>
        Answer(sender, new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(reason, message)));

    private void Answer(IActorRef sender, AgentProtocol.IReply answer)
    {
        if (answer is AgentProtocol.ConsumeAnswered { Result: var result })
        {
            LogConsumed(result.Touched, result.Requested);
        }
        else if (answer is AgentProtocol.ConsumeFailed { Failure: var failure })
        {
            LogConsumeFailed(failure.Message);
        }

        sender.Tell(answer);
    }

    private bool IsCurrent(RolloutProtocol.IConsumeAnswer answer) => answer.Operation == _consume?.Operation;
}
