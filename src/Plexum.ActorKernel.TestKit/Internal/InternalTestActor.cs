using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>What a TestKit tells its test actor; these never reach an expectation.</summary>
internal abstract record TestActorCommand
{
    internal sealed record SetIgnore(Func<object, bool>? Ignore) : TestActorCommand;

    internal sealed record SetAutoPilot(AutoPilot? Pilot) : TestActorCommand;

    internal sealed record Spawn(Props Props, string? Name) : TestActorCommand;

    internal sealed record Watch(IActorRef Actor) : TestActorCommand;

    internal sealed record Unwatch(IActorRef Actor) : TestActorCommand;
}

/// <summary>
/// Puts every message into a test's queue, after the pilot has acted on it and unless it is to be ignored.
/// Parent: the system guardian; children: those of ChildActorOf. One phase. A failing pilot restarts it by default.
/// </summary>
internal sealed class InternalTestActor(MessageQueue queue) : UntypedActor
{
    private static readonly object Done = new();

    private Func<object, bool>? _ignore;
    private AutoPilot? _pilot;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TestActorCommand.SetIgnore command:
                _ignore = command.Ignore;
                break;
            case TestActorCommand.SetAutoPilot command:
                _pilot = command.Pilot;
                break;
            case TestActorCommand.Spawn command:
                queue.Add(new RealMessageEnvelope(Context.ActorOf(command.Props, command.Name), Self));
                break;
            case TestActorCommand.Watch command:
                Context.Watch(command.Actor);
                Sender.Tell(Done, Self);
                break;
            case TestActorCommand.Unwatch command:
                Context.Unwatch(command.Actor);
                Sender.Tell(Done, Self);
                break;
            default:
                TakeIn(message);
                break;
        }
    }

    private void TakeIn(object message)
    {
        if (_pilot?.Run(Sender, message) is not KeepRunning and var next)
        {
            _pilot = next;
        }

        if (_ignore?.Invoke(message) != true)
        {
            queue.Add(new RealMessageEnvelope(message, Sender));
        }
    }
}
