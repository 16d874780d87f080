using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Owns the agents in memory: creates an <see cref="AgentActor"/> on the first message for it, and stops it when it is idle.
/// Parent: the user guardian; children: the agents. Phases: none. If it fails, its agents stop and the guardian restarts it.
/// </summary>
public sealed partial class AgentRegistryActor : ReceiveActor
{
    private readonly Func<AgentId, Props> _agentProps;
    private readonly Dictionary<AgentId, IActorRef> _agents = [];

    // Messages for an agent that may be stopping; a stopped agent would lose them.
    private readonly Dictionary<AgentId, Queue<(object Message, IActorRef Sender)>> _held = [];

    /// <summary>Use <see cref="Props"/> to create the actor.</summary>
    /// <param name="agentProps">Creates the props of an agent's actor.</param>
    public AgentRegistryActor(Func<AgentId, Props> agentProps)
    {
        _agentProps = agentProps;
        Receive<IWithAgentId>(message => Deliver(message.AgentId, message, Sender), message => message.AgentId != default);
        Receive<IWithAgentId>(message =>
            Sender.Tell(new Status.Failure(new ArgumentException($"A {message.GetType().Name} has no agent id; set one.")))
        );
        Receive<AgentRegistryProtocol.GetActiveAgents>(_ =>
            Sender.Tell(new AgentRegistryProtocol.ActiveAgents([.. _agents.Keys.OrderBy(id => id.Value, StringComparer.Ordinal)]))
        );
        Receive<AgentRegistryProtocol.Passivate>(Passivate);
        Receive<AgentRegistryProtocol.StayActive>(message => Release(message.AgentId));
        Receive<AgentStopped>(Forget);
    }

    /// <summary>The props of the registry of agents that share these services.</summary>
    public static Props Props(AgentServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Func<AgentId, Props> agents = id => AgentActor.Props(services, id);
        return Akka.Actor.Props.Create(() => new AgentRegistryActor(agents));
    }

    /// <summary>
    /// A failing agent is restarted without limit, so that it ends its turns with an error and continues with an empty queue.
    /// It is stopped only if it cannot be created; the next message for it tries again.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(failure => failure is ActorInitializationException ? Directive.Stop : Directive.Restart);

    /// <summary>Answers the consumes that would be lost. Their askers wait without a limit; all others ask again or give up.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        FailConsume(message, Sender);
        foreach (var (held, sender) in _held.Values.SelectMany(held => held))
        {
            FailConsume(held, sender);
        }

        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.System.EventStream.Publish(AgentRegistryProtocol.RegistryRestarted.Instance);
    }

    private void Deliver(AgentId id, object message, IActorRef sender)
    {
        if (_held.TryGetValue(id, out var held))
        {
            held.Enqueue((message, sender));
            return;
        }

        if (!_agents.TryGetValue(id, out var agent))
        {
            agent = Context.ActorOf(_agentProps(id), NameOf(id));
            Context.WatchWith(agent, new AgentStopped(id, agent));
            _agents.Add(id, agent);
        }

        agent.Tell(message, sender);
    }

    // The agent may have received a message since it asked; then it replies that it stays active.
    private void Passivate(AgentRegistryProtocol.Passivate message)
    {
        if (_agents.TryGetValue(message.AgentId, out var agent) && agent.Equals(Sender) && _held.TryAdd(message.AgentId, []))
        {
            agent.Tell(AgentRegistryProtocol.StopIfIdle.Instance);
        }
    }

    private void Forget(AgentStopped message)
    {
        if (!_agents.TryGetValue(message.AgentId, out var agent) || !agent.Equals(message.Agent))
        {
            return;
        }

        LogAgentStopped(message.AgentId);
        _agents.Remove(message.AgentId);
        Release(message.AgentId);
    }

    private void Release(AgentId id)
    {
        if (!_held.Remove(id, out var held))
        {
            return;
        }

        try
        {
            while (held.TryPeek(out var next))
            {
                Deliver(id, next.Message, next.Sender);
                held.Dequeue();
            }
        }
        catch
        {
            _held[id] = held; // For the restart.
            throw;
        }
    }

    private static void FailConsume(object? message, IActorRef sender)
    {
        if (message is AgentProtocol.Consume { AgentId: var id })
        {
            sender.Tell(ConsumeDesk.Stopped(id));
        }
    }

    private static string NameOf(AgentId id) => "agent-" + id.Value;

    private sealed record AgentStopped(AgentId AgentId, IActorRef Agent) : IDeadLetterSuppression;
}
