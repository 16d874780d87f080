using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>The conversations of an inbox that have something to do. Belongs to <see cref="InboxActor"/>.</summary>
/// <param name="start">Starts the actor of a conversation, given its agent and a name that no other actor has had.</param>
internal sealed class OpenConversations(Func<AgentId, string, IActorRef> start)
{
    private readonly Dictionary<AgentId, Handle> _handles = [];
    private long _started;

    /// <summary>How many there are.</summary>
    public int Count => _handles.Count;

    /// <summary>Their actors.</summary>
    public IEnumerable<IActorRef> Actors => _handles.Values.Select(handle => handle.Actor);

    /// <summary>Has each of them look for messages, and starts the missing ones.</summary>
    public void Wake(IEnumerable<AgentId> agents)
    {
        foreach (var agent in agents)
        {
            if (!_handles.TryGetValue(agent, out var handle))
            {
                // The actor before it may not have stopped yet, so no name is used twice.
                handle = new Handle(start(agent, FormattableString.Invariant($"chat-{agent.Value}-{++_started}")), 0);
            }

            _handles[agent] = handle = handle with { Wakes = handle.Wakes + 1 };
            handle.Actor.Tell(new InboxChildProtocol.Wake(handle.Wakes));
        }
    }

    /// <summary>Drops a conversation that has nothing to do. One that was woken since it looked is woken again instead.</summary>
    /// <returns>Whether its actor is to be stopped.</returns>
    public bool Retire(InboxChildProtocol.ConversationIdle idle, IActorRef actor)
    {
        if (!_handles.TryGetValue(idle.Agent, out var handle) || !handle.Actor.Equals(actor))
        {
            return false;
        }

        if (handle.Wakes != idle.Wake)
        {
            actor.Tell(new InboxChildProtocol.Wake(handle.Wakes));
            return false;
        }

        return _handles.Remove(idle.Agent);
    }

    private sealed record Handle(IActorRef Actor, long Wakes);
}
