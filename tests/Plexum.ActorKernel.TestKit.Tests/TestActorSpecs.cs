using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class TestActorSpecs : TestKit
{
    private sealed class Echo : UntypedActor
    {
        public Echo()
            : this("")
        {
        }

        public Echo(string prefix) => Prefix = prefix;

        private string Prefix { get; }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "parent":
                    Sender.Tell(Context.Parent);
                    break;
                case "fail":
                    throw new InvalidOperationException("told to fail");
                default:
                    Sender.Tell(Prefix + message);
                    break;
            }
        }

        protected override void PostRestart(Exception reason) => Context.Parent.Tell("restarted");
    }

    [Fact]
    public async Task The_test_actor_should_be_the_sender_of_what_the_test_tells_before_and_after_an_await()
    {
        var echo = ActorOf<Echo>();

        echo.Tell("one");
        await ExpectMsgAsync("one");
        echo.Tell("two");
        ExpectMsg("two");
        await Task.Yield();
        echo.Tell("three");
        ExpectMsg("three");
        CreateTestProbe();
        echo.Tell("four");
        ExpectMsg("four");
    }

    [Fact]
    public void ActorOf_should_create_top_level_actors()
    {
        Assert.Equal("/user/a", ActorOf<Echo>("a").Path.ToStringWithoutAddress());
        Assert.Equal("/user/b", ActorOf(Props.Create<Echo>(), "b").Path.ToStringWithoutAddress());
        Assert.Equal("/user/c", ActorOf(() => new Echo("c:"), "c").Path.ToStringWithoutAddress());
        ActorOf(() => new Echo("d:")).Tell("x");
        ExpectMsg("d:x");
        ActorOf(Props.Create(() => new Echo("e:"))).Tell("x");
        ExpectMsg("e:x");
    }

    [Fact]
    public async Task ChildActorOf_should_create_children_of_the_test_actor()
    {
        ChildActorOf(Props.Create<Echo>()).Tell("parent");
        ExpectMsg(TestActor);
        var named = ChildActorOf(Props.Create<Echo>(), "named");
        Assert.Equal(TestActor.Path / "named", named.Path);
        (await ChildActorOfAsync(Props.Create<Echo>())).Tell("parent");
        ExpectMsg(TestActor);
    }

    [Fact]
    public void The_test_actor_should_restart_its_failing_children()
    {
        var child = ChildActorOf(Props.Create<Echo>());

        EventFilter.Exception<InvalidOperationException>("told to fail").ExpectOne(() => child.Tell("fail"));

        ExpectMsg("restarted");
    }

    [Fact]
    public void A_further_test_actor_should_share_the_queue()
    {
        var other = CreateTestActor("other");

        other.Tell("hello", other);

        ExpectMsgFrom(other, "hello");
        Assert.Equal("other", other.Path.Name);
    }

    [Fact]
    public async Task The_test_actor_should_take_in_what_many_threads_tell_it_in_the_order_of_each()
    {
        const int Count = 50_000;
        var self = TestActor;
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                self.Tell((sender, i), ActorRefs.NoSender);
            }
        })).ToArray();

        var next = new int[senders.Length];
        for (var i = 0; i < senders.Length * Count; i++)
        {
            var (sender, number) = ExpectMsg<(int, int)>(TimeSpan.FromSeconds(30));
            Assert.Equal(next[sender]++, number);
        }

        await Task.WhenAll(senders);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void An_auto_pilot_should_act_on_each_message_until_it_stops()
    {
        var probe = CreateTestProbe();
        SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"piloted {message}", ActorRefs.NoSender);
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));

        probe.Send(TestActor, "first");
        probe.Send(TestActor, "last");
        probe.Send(TestActor, "after");

        probe.ExpectMsg("piloted first");
        probe.ExpectMsg("piloted last");
        probe.ExpectNoMsg(Soon);
        ExpectMsg("first");
        ExpectMsg("last");
        ExpectMsg("after");
    }

    [Fact]
    public void An_auto_pilot_should_hand_over_to_the_next()
    {
        var probe = CreateTestProbe();
        AutoPilot second = new DelegateAutoPilot((sender, _) =>
        {
            sender.Tell("second", ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        });
        SetAutoPilot(new DelegateAutoPilot((sender, _) =>
        {
            sender.Tell("first", ActorRefs.NoSender);
            return second;
        }));

        probe.Send(TestActor, 1);
        probe.Send(TestActor, 2);
        probe.Send(TestActor, 3);

        probe.ExpectMsg("first");
        probe.ExpectMsg("second");
        probe.ExpectMsg("second");
    }
}

public class NoImplicitSenderSpecs : TestKit, INoImplicitSender
{
    private sealed class SenderTeller(IActorRef listener) : ReceiveActor
    {
        protected override bool AroundReceive(Receive receive, object message)
        {
            listener.Tell(Sender);
            return true;
        }
    }

    [Fact]
    public async Task Without_an_implicit_sender_the_dead_letters_should_be_the_sender()
    {
        var actor = ActorOf(Props.Create(() => new SenderTeller(TestActor)));

        actor.Tell("one");
        ExpectMsg(Sys.DeadLetters);
        await Task.Yield();
        actor.Tell("two");
        ExpectMsg(Sys.DeadLetters);
    }
}
