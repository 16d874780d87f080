using Akka.Actor;
using Akka.Event;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Event;

/// <summary>Akka.NET stops to look after a subscriber when it ends the first of its subscriptions.</summary>
public sealed class UnsubscriberSpecs : SystemTest
{
    [Fact]
    public async Task A_subscriber_that_stops_is_dropped_even_when_it_had_ended_some_subscriptions()
    {
        var system = Start();
        var stopped = new Listener(system);
        var listener = new Listener(system);
        system.EventStream.Subscribe<string>(stopped.Ref);
        system.EventStream.Subscribe<Info>(stopped.Ref);
        system.EventStream.Unsubscribe<Info>(stopped.Ref);
        system.EventStream.Subscribe<DeadLetter>(listener.Ref);
        system.EventStream.Subscribe<string>(listener.Ref);
        await stopped.Ref.GracefulStop(Limit);

        var number = 0;
        List<object> round;
        do
        {
            var text = FormattableString.Invariant($"{++number}");
            system.EventStream.Publish(text);
            round = await listener.Until(text.Equals);
            Assert.True(number < 100_000, "A stopped actor stays subscribed.");
        }
        while (round.Count > 1);
    }
}
