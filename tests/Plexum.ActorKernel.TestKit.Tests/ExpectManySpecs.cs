using Akka.Actor;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class ExpectManySpecs : TestKit
{
    [Fact]
    public async Task ExpectNoMsg_should_pass_in_silence()
    {
        ExpectNoMsg(Soon);
        ExpectNoMsg(10);
        ExpectNoMsg(TimeSpan.Zero);
        await ExpectNoMsgAsync(Soon);
        await ExpectNoMsgAsync(10);
    }

    [Fact]
    public async Task ExpectNoMsg_should_fail_on_a_message_and_show_it()
    {
        TestActor.Tell("one", TestActor);
        TestActor.Tell("two", TestActor);
        TestActor.Tell("three", TestActor);

        Of(() => ExpectNoMsg(TimeSpan.FromSeconds(30)), "Expected no messages during 00:00:30", "<one>", TestActor.ToString()!);
        Of(() => ExpectNoMsg(TimeSpan.Zero), "<two>");
        await Of(async () => await ExpectNoMsgAsync(TimeSpan.FromSeconds(30)), "Expected no messages during 00:00:30", "<three>");
    }

    [Fact]
    public async Task ExpectMsgAnyOf_should_take_one_of_the_messages()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        TestActor.Tell("c");
        TestActor.Tell("d");

        Assert.Equal("b", ExpectMsgAnyOf(new[] { "a", "b" }));
        Assert.Equal("a", await ExpectMsgAnyOfAsync(new[] { "a", "b" }));
        Of(() => ExpectMsgAnyOf(new[] { "a", "b" }), "ExpectMsgAnyOf found unexpected c");
        await Of(async () => await ExpectMsgAnyOfAsync(new[] { "a", "b" }), "ExpectMsgAnyOf found unexpected d");
    }

    [Fact]
    public void ExpectMsgAnyOf_should_say_what_it_waited_for() =>
        Within(TimeSpan.FromSeconds(30), () => Of(
            () => Within(Soon, () => ExpectMsgAnyOf(new[] { "a", "b" })), "Timeout", "ExpectMsgAnyOf"));

    [Fact]
    public async Task ExpectMsgAllOf_should_take_all_messages_in_any_order()
    {
        for (var i = 0; i < 4; i++)
        {
            TestActor.Tell("b");
            TestActor.Tell("a");
        }

        Assert.Equal(["b", "a"], ExpectMsgAllOf("a", "b"));
        Assert.Equal(["b", "a"], ExpectMsgAllOf(TimeSpan.FromSeconds(30), "a", "b"));
        Assert.Equal(["b", "a"], ExpectMsgAllOf((IReadOnlyCollection<string>)["a", "b"]));

        var received = new List<string>();
        await foreach (var message in ExpectMsgAllOfAsync((IReadOnlyCollection<string>)["a", "b"]))
        {
            received.Add(message);
        }

        Assert.Equal(["b", "a"], received);
    }

    [Fact]
    public void ExpectMsgAllOf_should_say_what_is_missing_and_what_is_too_much()
    {
        TestActor.Tell("a");
        TestActor.Tell("x");

        Of(() => ExpectMsgAllOf("a", "b"), "not found [b]", "found unexpected [x]");
    }

    [Fact]
    public void ExpectMsgAllOf_should_count_equal_messages()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");

        Of(() => ExpectMsgAllOf("a", "a"), "not found [a]", "found unexpected [b]");
    }

    [Fact]
    public async Task ExpectMsgAllOf_should_say_how_many_came_in_how_long()
    {
        TestActor.Tell("a");
        Of(() => ExpectMsgAllOf(Soon, "a", "b"), "Timeout (00:00:00.04", "expecting 2 messages", "Only got 1");

        TestActor.Tell("a");
        await Of(
            async () =>
            {
                await foreach (var _ in ExpectMsgAllOfAsync(Soon, (IReadOnlyCollection<string>)["a", "b"]))
                {
                }
            },
            "Only got 1");
    }

    [Fact]
    public async Task ExpectTerminated_should_take_the_end_of_a_watched_actor()
    {
        var first = ActorOf<Idle>("first");
        var second = ActorOf<Idle>("second");
        Watch(first);
        await WatchAsync(second);

        Sys.Stop(first);
        Assert.Equal(first, ExpectTerminated(first).ActorRef);
        Sys.Stop(second);
        Assert.Equal(second, (await ExpectTerminatedAsync(second)).ActorRef);
    }

    [Fact]
    public async Task ExpectTerminated_should_fail_when_another_actor_ends_or_none()
    {
        var wanted = ActorOf<Idle>("wanted");
        var other = ActorOf<Idle>("other");
        Watch(wanted);
        Watch(other);

        Sys.Stop(other);

        Of(() => ExpectTerminated(wanted, hint: "the wanted one"), "wanted", "other", "the wanted one");
        await Of(async () => await ExpectTerminatedAsync(wanted, Soon), "Timeout 00:00:00.04", "Terminated", "wanted");
    }

    [Fact]
    public async Task Unwatch_should_end_what_Watch_began()
    {
        var first = ActorOf<Idle>("first");
        var second = ActorOf<Idle>("second");
        Watch(first);
        Watch(second);

        Unwatch(first);
        await UnwatchAsync(second);
        await first.GracefulStop(TimeSpan.FromSeconds(30));
        await second.GracefulStop(TimeSpan.FromSeconds(30));

        ExpectNoMsg(Soon);
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
