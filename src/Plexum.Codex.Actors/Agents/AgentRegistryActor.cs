using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Owns which agents are in memory: makes an <see cref="AgentActor"/> with the first message for it, and puts an idle one away.
/// Parent: the user guardian; children: the agents. Phases: none. When it fails, the guardian restarts it and its agents with it.
/// </summary>
public sealed partial class AgentRegistryActor : ReceiveActor
{
    private readonly Func<AgentId, Props> _agentProps;
    private readonly Dictionary<AgentId, IActorRef> _agents = [];

    // Messages for an agent that is stopping go to its successor; told to the stopping one they would be lost.
    private readonly Dictionary<AgentId, Queue<(object Message, IActorRef Sender)>> _held = [];

    /// <summary>Made by <see cref="Props"/>.</summary>
    /// <param name="agentProps">How to make the actor of an agent.</param>
    public AgentRegistryActor(Func<AgentId, Props> agentProps)
    {
        _agentProps = agentProps;
        Receive<IWithAgentId>(message => Deliver(message.AgentId, message, Sender), message => message.AgentId != default);
        Receive<IWithAgentId>(message => Sender.Tell(new Status.Failure(new ArgumentException(
            $"A {message.GetType().Name} names no agent; set its agent id."))));
        Receive<AgentRegistryProtocol.GetActiveAgents>(_ => Sender.Tell(new AgentRegistryProtocol.ActiveAgents(
            [.. _agents.Keys.OrderBy(id => id.Value, StringComparer.Ordinal)])));
        Receive<AgentRegistryProtocol.Passivate>(Passivate);
        Receive<AgentRegistryProtocol.StayActive>(message => Release(message.AgentId));
        Receive<AgentStopped>(Forget);
    }

    /// <summary>The registry of agents that share these services.</summary>
    public static Props Props(AgentServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Func<AgentId, Props> agents = id => AgentActor.Props(services, id);
        return Akka.Actor.Props.Create(() => new AgentRegistryActor(agents));
    }

    /// <summary>
    /// A failing agent is restarted, however often: it ends its turns with an error that says so and goes on with an empty queue,
    /// which one that is stopped would not. Only one that cannot even be made is stopped; the next message for it tries again.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(failure => failure is ActorInitializationException ? Directive.Stop : Directive.Restart);

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

    // The agent may have got a message since it asked; it then answers that it stays.
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

        LogAgentPutAway(message.AgentId);
        _agents.Remove(message.AgentId);
        Release(message.AgentId);
    }

    private void Release(AgentId id)
    {
        if (!_held.Remove(id, out var held))
        {
            return;
        }

        foreach (var (message, sender) in held)
        {
            Deliver(id, message, sender);
        }
    }

    private static string NameOf(AgentId id) => "agent-" + id.Value;

    private sealed record AgentStopped(AgentId AgentId, IActorRef Agent) : IDeadLetterSuppression;
}
