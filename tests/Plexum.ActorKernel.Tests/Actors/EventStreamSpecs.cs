using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class EventStreamSpecs : ActorSpecs
{
    private interface INews;

    [Fact]
    public async Task E1_a_subscriber_gets_the_events_of_its_type_and_of_the_types_derived_from_it()
    {
        var byInterface = Subscribed(typeof(INews));
        var byBase = Subscribed(typeof(Report));
        var exact = Subscribed(typeof(LongReport));

        Sys.EventStream.Publish(new Report("short"));
        Sys.EventStream.Publish(new LongReport("long"));

        Assert.Equal(["short", "long"], [(await byInterface.ExpectMsgAsync<Report>()).Text, (await byInterface.ExpectMsgAsync<Report>()).Text]);
        Assert.Equal(["short", "long"], [(await byBase.ExpectMsgAsync<Report>()).Text, (await byBase.ExpectMsgAsync<Report>()).Text]);
        Assert.Equal("long", (await exact.ExpectMsgAsync<LongReport>()).Text);
    }

    [Fact]
    public async Task E2_events_of_one_publisher_arrive_in_order()
    {
        var subscriber = Start(a => a.On<Report>(r => Note(r.Text)));
        Sys.EventStream.Subscribe(subscriber, typeof(Report));

        foreach (var text in (string[])["one", "two", "three"])
        {
            Sys.EventStream.Publish(new Report(text));
        }

        await ExpectNotes("one", "two", "three");
    }

    [Fact]
    public async Task E3_who_subscribes_twice_gets_an_event_once()
    {
        var probe = CreateTestProbe();
        Assert.True(Sys.EventStream.Subscribe(probe.Ref, typeof(Report)));
        Assert.False(Sys.EventStream.Subscribe(probe.Ref, typeof(Report)));

        Sys.EventStream.Publish(new Report("one"));
        Sys.EventStream.Publish(new Report("two"));

        Assert.Equal("one", (await probe.ExpectMsgAsync<Report>()).Text);
        Assert.Equal("two", (await probe.ExpectMsgAsync<Report>()).Text);
    }

    [Fact]
    public async Task E4_Unsubscribe_ends_one_subscription_or_all()
    {
        var probe = CreateTestProbe();
        foreach (var type in (Type[])[typeof(Report), typeof(Notice), typeof(string)])
        {
            Sys.EventStream.Subscribe(probe.Ref, type);
        }

        Sys.EventStream.Unsubscribe(probe.Ref, typeof(Report));
        Sys.EventStream.Publish(new Report("not this"));
        Sys.EventStream.Publish(new Notice("this"));
        Assert.Equal("this", (await probe.ExpectMsgAsync<Notice>()).Text);

        Sys.EventStream.Unsubscribe(probe.Ref);
        Sys.EventStream.Publish(new Notice("nor this"));
        probe.Ref.Tell("end", TestActor);
        await probe.ExpectMsgAsync("end");
    }

    [Fact]
    public async Task E5_a_subscriber_that_stopped_is_unsubscribed()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var subscriber = Start(_ => { });
        Sys.EventStream.Subscribe(subscriber, typeof(Report));
        await StopAndWait(subscriber);

        await AwaitAssertAsync(async () =>
        {
            Sys.EventStream.Publish(new Report("anyone?"));
            Sys.DeadLetters.Tell("marker", TestActor);
            var first = await dead.ExpectMsgAsync<DeadLetter>();
            if (first.Message is Report)
            {
                await dead.ExpectMsgAsync<DeadLetter>();
            }

            Assert.Equal("marker", first.Message);
        }, Patience);
    }

    [Fact]
    public void E6_null_is_refused_as_a_subscriber() =>
        Assert.Throws<ArgumentNullException>("subscriber", () => Sys.EventStream.Subscribe(null!, typeof(Report)));

    private record Report(string Text) : INews;

    private sealed record LongReport(string Text) : Report(Text);

    private sealed record Notice(string Text);
}
