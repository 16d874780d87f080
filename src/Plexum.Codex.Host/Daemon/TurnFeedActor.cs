using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>
/// Owns who waits for the start or end of which turn. Parent: the user guardian; no children; no phases. It cannot fail; were it
/// restarted, readers would notice an end with their next heartbeat.
/// </summary>
internal sealed class TurnFeedActor : ReceiveActor
{
    private readonly Dictionary<TurnId, HashSet<TurnWatch>> _watches = [];

    public TurnFeedActor()
    {
        Receive<TurnFeedProtocol.Begin>(begin =>
        {
            if (!_watches.TryGetValue(begin.TurnId, out var watches))
            {
                _watches.Add(begin.TurnId, watches = []);
            }

            watches.Add(begin.Watch);
        });
        Receive<TurnFeedProtocol.End>(end =>
        {
            if (_watches.TryGetValue(end.TurnId, out var watches) && watches.Remove(end.Watch) && watches.Count == 0)
            {
                _watches.Remove(end.TurnId);
            }
        });
        Receive<AgentProtocol.TurnStarted>(started => Tell(started.TurnId, watch => watch.TurnStarted()));
        Receive<AgentProtocol.TurnEnded>(ended => Tell(ended.TurnId, watch => watch.TurnEnded(ended)));
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new TurnFeedActor());

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(AgentProtocol.TurnStarted));
        Context.System.EventStream.Subscribe(Self, typeof(AgentProtocol.TurnEnded));
    }

    private void Tell(TurnId turn, Action<TurnWatch> tell)
    {
        if (_watches.TryGetValue(turn, out var watches))
        {
            foreach (var watch in watches)
            {
                tell(watch);
            }
        }
    }
}
