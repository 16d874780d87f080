using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Checks an agent's consumes, passes them to its <see cref="RolloutActor"/> and answers them. Part of its actor.</summary>
internal sealed class ConsumeDesk(AgentServices services, AgentId agent, ILoggingAdapter log)
{
    /// <summary>Why a consume failed whose agent stopped.</summary>
    public const string AgentStopped =
        "plexum-codex stopped the agent before its tool calls were consumed, or while they were. It is safe to try again.";

    private QueuedConsume? _current;
    private long _operations;

    /// <summary>Checks a consume. One that changes nothing or is rejected gets its answer at once.</summary>
    /// <returns>The consume to queue; null if it was answered.</returns>
    public QueuedConsume? Take(AgentProtocol.Consume command, IActorRef asker, bool isFull)
    {
        if (command.Calls.IsDefaultOrEmpty)
        {
            asker.Tell(new AgentProtocol.ConsumeAnswered(agent, new ConsumeResult(0, 0, [])));
            return null;
        }

        if (string.IsNullOrEmpty(command.Workspace) || !Path.IsPathFullyQualified(command.Workspace))
        {
            Fail(
                asker,
                ConsumeFailureReason.BadWorkspace,
                $"codex: workspace \"{command.Workspace}\" is not an absolute path; give one that starts with /"
            );
            return null;
        }

        if (isFull)
        {
            Fail(
                asker,
                ConsumeFailureReason.QueueFull,
                $"codex: the queue of agent {agent} is full; wait for a turn to end, or raise turns.queue-limit"
            );
            return null;
        }

        return new QueuedConsume(++_operations, command, asker);
    }

    public void Begin(QueuedConsume consume, IActorRef rollout)
    {
        _current = consume;
        rollout.Tell(
            new RolloutProtocol.Consume(
                consume.Operation,
                new AgentDirectory(services.Profile, agent),
                consume.Command.Workspace!,
                consume.Command.Calls
            )
        );
    }

    /// <summary>Forwards the answer to the sender of the current consume; false if it belongs to another one.</summary>
    public bool TryEnd(RolloutProtocol.IConsumeAnswer answer)
    {
        if (answer.Operation != _current?.Operation)
        {
            return false;
        }

        if (answer is RolloutProtocol.Consumed { Result: var result })
        {
            log.Info(
                "codex session mutate complete agent={AgentId} touched={Touched} requested={Requested}",
                agent,
                result.Touched,
                result.Requested
            );
            _current.Sender.Tell(new AgentProtocol.ConsumeAnswered(agent, result));
        }
        else if (answer is RolloutProtocol.NotConsumed { Failure: var failure })
        {
            Fail(_current.Sender, failure.Reason, failure.Message);
        }

        _current = null;
        return true;
    }

    /// <summary>Answers the current consume, if there is one, after the <see cref="RolloutActor"/> failed.</summary>
    public bool TryFail() =>
        TryFail("plexum-codex failed while consuming tool calls. It is safe to try again; see plexum-codex's log for details.");

    /// <inheritdoc cref="TryFail()"/>
    public bool TryFail(string message)
    {
        if (_current is not { } consume)
        {
            return false;
        }

        _current = null;
        Fail(consume, message);
        return true;
    }

    /// <summary>Answers a consume that is abandoned because this program failed.</summary>
    public void Fail(QueuedConsume consume, string message) => Fail(consume.Sender, ConsumeFailureReason.Internal, message);

    /// <summary>The answer to a consume of an agent that stopped.</summary>
    public static AgentProtocol.ConsumeFailed Stopped(AgentId agent) =>
        new(agent, new ConsumeFailure(ConsumeFailureReason.Internal, AgentStopped));

    private void Fail(IActorRef asker, ConsumeFailureReason reason, string message)
    {
        log.Warning("codex session mutate failed agent={AgentId} err={Error}", agent, message);
        asker.Tell(new AgentProtocol.ConsumeFailed(agent, new ConsumeFailure(reason, message)));
    }
}
