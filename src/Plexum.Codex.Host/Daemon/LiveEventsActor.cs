using System.Threading.Channels;
using Akka.Actor;
using Plexum.Codex.Agents;

namespace Plexum.Codex.Host.Daemon;

/// <summary>
/// Passes the agents whose turns start and end to the live view. Parent: the user guardian; no children, no state. Where the view is
/// slow, what is passed is dropped: the view looks at the agents themselves.
/// </summary>
internal sealed class LiveEventsActor : ReceiveActor
{
    public LiveEventsActor(ChannelWriter<AgentProtocol.IEvent> events)
    {
        Receive<AgentProtocol.TurnStarted>(started => events.TryWrite(started));
        Receive<AgentProtocol.TurnEnded>(ended => events.TryWrite(ended));
    }

    public static Props Props(ChannelWriter<AgentProtocol.IEvent> events) => Akka.Actor.Props.Create(() => new LiveEventsActor(events));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(AgentProtocol.TurnStarted));
        Context.System.EventStream.Subscribe(Self, typeof(AgentProtocol.TurnEnded));
    }
}
