using System.Collections;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class ReceiveSpecs : TestKit
{
    [Fact]
    public async Task ReceiveOne_should_return_null_when_nothing_comes()
    {
        Assert.Null(ReceiveOne(Soon));
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.Null(await ReceiveOneAsync(Soon));
        Assert.False(TryReceiveOne(out var envelope, TimeSpan.Zero));
        Assert.IsType<NullMessageEnvelope>(envelope);
    }

    [Fact]
    public async Task ReceiveOne_should_take_messages_in_order()
    {
        for (var i = 1; i <= 4; i++)
        {
            TestActor.Tell(i, TestActor);
        }

        Assert.Equal(1, ReceiveOne());
        Assert.Equal(2, await ReceiveOneAsync());
        Assert.True(TryReceiveOne(out var third));
        Assert.Equal((3, TestActor), ((int)third.Message, third.Sender));
        var (success, fourth) = await TryReceiveOneAsync(null);
        Assert.True(success);
        Assert.Equal(4, fourth.Message);
    }

    [Fact]
    public async Task PeekOne_should_leave_the_message_there()
    {
        Assert.Null(PeekOne(TimeSpan.Zero));
        TestActor.Tell("there");

        Assert.Equal("there", PeekOne());
        Assert.Equal("there", await PeekOneAsync());
        Assert.True(TryPeekOne(out var envelope, null, default));
        Assert.Equal("there", envelope.Message);
        Assert.Equal("there", ReceiveOne());
        Assert.Null(PeekOne(TimeSpan.Zero));
    }

    [Fact]
    public void LastMessage_and_LastSender_should_be_those_of_the_message_received_last()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("hello", probe.Ref);
        Assert.True(HasMessages);

        ExpectMsg<string>();

        Assert.False(HasMessages);
        Assert.Equal("hello", LastMessage);
        Assert.Equal(probe.Ref, LastSender);
        ReceiveOne(TimeSpan.Zero);
        Assert.Throws<IllegalActorStateException>(() => LastMessage);
        Assert.Throws<IllegalActorStateException>(() => LastSender);
    }

    [Fact]
    public async Task ReceiveN_should_take_that_many_messages()
    {
        for (var i = 1; i <= 8; i++)
        {
            TestActor.Tell(i);
        }

        Assert.Equal([1, 2, 3], ReceiveN(3));
        Assert.Equal([4, 5], ReceiveN(2, TimeSpan.FromSeconds(30)));
        var rest = new List<object>();
        await foreach (var message in ReceiveNAsync(2))
        {
            rest.Add(message);
        }

        Assert.Equal([6, 7], rest);
        Of(() => ReceiveN(3, Soon), "Timeout (00:00:00.04", "expecting 3 messages", "Only got 1");
    }

    [Fact]
    public async Task ReceiveWhile_should_take_what_the_filter_makes_something_of()
    {
        for (var i = 1; i <= 6; i++)
        {
            TestActor.Tell(i);
        }

        Assert.Equal(["1", "2"], ReceiveWhile(m => (int)m <= 2 ? m.ToString() : null));
        Assert.Equal(2, LastMessage);
        Assert.Equal(["3", "4"], ReceiveWhile(TimeSpan.FromSeconds(30), m => m.ToString(), 2));
        var rest = new List<string>();
        await foreach (var message in ReceiveWhileAsync(m => m.ToString()!, max: Soon))
        {
            rest.Add(message);
        }

        Assert.Equal(["5", "6"], rest);
    }

    [Fact]
    public void ReceiveWhile_should_take_messages_of_a_type_while_the_predicate_holds()
    {
        foreach (var message in new object[] { 1, "other", 2, 9, 3 })
        {
            TestActor.Tell(message);
        }

        Assert.Equal([1], ReceiveWhile<int>(m => m < 9, shouldIgnoreOtherMessageTypes: false));
        Assert.Equal([2], ReceiveWhile<int>(m => m < 9));
        ExpectMsg(9);
        ExpectMsg(3);
    }

    [Fact]
    public void ReceiveWhile_should_end_when_no_message_comes_for_the_idle_time()
    {
        TestActor.Tell(1);

        Assert.Equal([1], ReceiveWhile<object>(TimeSpan.FromMinutes(10), Soon, m => m));
    }

    [Fact]
    public async Task FishForMessage_should_drop_messages_until_one_fits()
    {
        foreach (var message in new object[] { 1, "a", "b", 2, "c", 3 })
        {
            TestActor.Tell(message);
        }

        var dropped = new ArrayList { "is cleared" };
        Assert.Equal("b", FishForMessage<string>(m => m == "b", dropped));
        Assert.Equal(new ArrayList { 1, "a" }, dropped);
        Assert.Equal("c", FishForMessage(m => m is "c"));
        Assert.Equal(3, await FishForMessageAsync<int>(m => m == 3));
    }

    [Fact]
    public async Task FishForMessage_should_say_how_long_it_fished()
    {
        TestActor.Tell("x");

        Of(() => FishForMessage<string>(m => m == "y", Soon, "the y"), "Timeout (00:00:00.04", "the y");
        await Of(async () => await FishForMessageAsync<string>(m => m == "y", Soon), "Timeout (00:00:00.04");
    }

    [Fact]
    public async Task FishUntilMessageAsync_should_fail_when_the_message_comes()
    {
        TestActor.Tell(1);
        await FishUntilMessageAsync<string>(Soon);
        Assert.False(HasMessages);

        TestActor.Tell(1);
        TestActor.Tell("no");
        await Of(() => FishUntilMessageAsync<string>(TimeSpan.FromSeconds(30)), "did not expect a message of type System.String");
    }

    [Fact]
    public async Task WaitForRadioSilenceAsync_should_collect_messages_until_none_comes()
    {
        TestActor.Tell(1);
        TestActor.Tell(2);
        Assert.Equal(new ArrayList { 1, 2 }, await WaitForRadioSilenceAsync(Soon));

        TestActor.Tell(1);
        TestActor.Tell(2);
        await Of(() => WaitForRadioSilenceAsync(Soon, maxMessages: 1), "maxMessages violated");
    }

    [Fact]
    public void Ignored_messages_should_not_arrive()
    {
        IgnoreMessages(m => m is "noise");
        TestActor.Tell("noise");
        TestActor.Tell("signal");
        ExpectMsg("signal");

        IgnoreMessages<int>(m => m > 5);
        TestActor.Tell(6);
        TestActor.Tell(5);
        ExpectMsg(5);

        IgnoreMessages<string>();
        TestActor.Tell("signal");
        TestActor.Tell(6);
        ExpectMsg(6);

        IgnoreNoMessages();
        TestActor.Tell("noise");
        ExpectMsg("noise");
    }

    [Fact]
    public void What_was_told_to_the_test_actor_should_have_arrived()
    {
        TestActor.Tell("now");

        Assert.True(HasMessages);
        Assert.Equal("now", ReceiveOne(TimeSpan.Zero));
    }
}
