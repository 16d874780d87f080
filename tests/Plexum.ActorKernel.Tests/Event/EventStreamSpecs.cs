using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Event;

public sealed class EventStreamSpecs : SystemTest
{
    private interface IMarked
    {
    }

    [Fact]
    public async Task A_subscriber_gets_events_of_its_type_of_subtypes_and_of_implementations()
    {
        var system = Start();
        var animals = new Listener(system);
        var marked = new Listener(system);
        Assert.True(system.EventStream.Subscribe(animals.Ref, typeof(Animal)));
        Assert.True(system.EventStream.Subscribe<IMarked>(marked.Ref));

        system.EventStream.Publish("neither");
        system.EventStream.Publish(new Animal(1));
        system.EventStream.Publish(new Dog(2));

        Assert.Equal(1, (await animals.Next<Animal>()).Number);
        Assert.Equal(2, (await animals.Next<Dog>()).Number);
        Assert.Equal(2, (await marked.Next<Dog>()).Number);
    }

    [Fact]
    public async Task A_subscriber_gets_an_event_once_however_often_it_subscribed()
    {
        var system = Start();
        var listener = new Listener(system);
        Assert.True(system.EventStream.Subscribe(listener.Ref, typeof(Animal)));
        Assert.False(system.EventStream.Subscribe(listener.Ref, typeof(Animal)));
        Assert.True(system.EventStream.Subscribe(listener.Ref, typeof(Dog)));

        system.EventStream.Publish(new Dog(1));
        system.EventStream.Publish(new Dog(2));

        Assert.Equal([1, 2], (await listener.Until(m => m is Dog { Number: 2 })).Cast<Animal>().Select(a => a.Number));
    }

    [Fact]
    public async Task Ending_one_subscription_leaves_the_others()
    {
        var system = Start();
        var listener = new Listener(system);
        system.EventStream.Subscribe<Animal>(listener.Ref);
        system.EventStream.Subscribe<string>(listener.Ref);

        Assert.True(system.EventStream.Unsubscribe<Animal>(listener.Ref));
        Assert.False(system.EventStream.Unsubscribe<Animal>(listener.Ref));
        system.EventStream.Publish(new Animal(1));
        system.EventStream.Publish("end");

        Assert.Equal("end", await listener.Next<string>());
    }

    [Fact]
    public async Task Ending_all_subscriptions_leaves_none()
    {
        var system = Start();
        var listener = new Listener(system);
        system.EventStream.Subscribe<Animal>(listener.Ref);
        system.EventStream.Subscribe<string>(listener.Ref);

        Assert.True(system.EventStream.Unsubscribe(listener.Ref));
        Assert.False(system.EventStream.Unsubscribe(listener.Ref));
        system.EventStream.Publish(new Animal(1));
        system.EventStream.Publish("lost");
        listener.Ref.Tell(0);

        Assert.Equal(0, await listener.Next<int>());
    }

    [Fact]
    public async Task A_subtype_can_be_taken_out_of_a_wider_subscription()
    {
        var system = Start();
        var listener = new Listener(system);
        system.EventStream.Subscribe<Animal>(listener.Ref);

        Assert.True(system.EventStream.Unsubscribe<Dog>(listener.Ref));
        system.EventStream.Publish(new Dog(1));
        system.EventStream.Publish(new Animal(2));

        Assert.Equal(2, (await listener.Next<Animal>()).Number);
    }

    [Fact]
    public async Task A_subscriber_that_stops_is_dropped()
    {
        var system = Start();
        var stopped = new Listener(system);
        var listener = new Listener(system);
        system.EventStream.Subscribe<Animal>(stopped.Ref);
        system.EventStream.Subscribe<DeadLetter>(listener.Ref);
        system.EventStream.Subscribe<Animal>(listener.Ref);
        await stopped.Ref.GracefulStop(Limit);

        // As long as it is subscribed, each event becomes a dead letter before the listener gets the event itself.
        var number = 0;
        List<object> round;
        do
        {
            number++;
            system.EventStream.Publish(new Animal(number));
            round = await listener.Until(m => m is Animal a && a.Number == number);
            Assert.True(number < 1_000_000, "A stopped actor stays subscribed.");
        }
        while (round.Count > 1);
    }

    [Fact]
    public void Subscribing_nobody_or_to_nothing_is_refused()
    {
        var stream = Start().EventStream;

        Assert.Throws<ArgumentNullException>(() => stream.Subscribe(null!, typeof(Animal)));
        Assert.Throws<ArgumentNullException>(() => stream.Unsubscribe(null!, typeof(Animal)));
        Assert.Throws<ArgumentNullException>(() => stream.Unsubscribe(null!));
    }

    [Fact]
    public async Task Changes_of_subscriptions_are_logged_when_the_settings_say_so()
    {
        var system = Start("akka.actor.debug.event-stream = on\nakka.loglevel = DEBUG");
        var log = new Listener(system);
        system.EventStream.Subscribe<Debug>(log.Ref);

        system.EventStream.Subscribe<Animal>(log.Ref);

        await log.Until(m => m is Debug line && line.Message.ToString() == $"subscribing {log.Ref} to channel {typeof(Animal)}");
    }

    private record Animal(int Number);

    private sealed record Dog(int Number) : Animal(Number), IMarked;
}
