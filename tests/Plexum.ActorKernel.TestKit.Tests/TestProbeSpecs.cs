using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit;
using static Plexum.ActorKernel.TestKitTests.Failure;

namespace Plexum.ActorKernel.TestKitTests;

public class TestProbeSpecs : TestKit
{
    private sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message) => Context.Parent.Tell(message);
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly IActorRef _listener;

        public Watcher(IActorRef subject, IActorRef listener)
        {
            _listener = listener;
            Context.Watch(subject);
            listener.Tell("watching");
        }

        protected override void OnReceive(object message) => _listener.Tell(((Terminated)message).ActorRef.Path);
    }

    [Fact]
    public void A_probe_should_send_and_receive_for_itself()
    {
        var one = CreateTestProbe();
        var two = CreateTestProbe("two");

        one.Send(two.Ref, "question");
        two.ExpectMsg("question");
        Assert.Equal(one.Ref, two.Sender);
        two.Reply("answer");
        one.ExpectMsgFrom(two.Ref, "answer");

        Assert.StartsWith("two", two.Ref.Path.Name, StringComparison.Ordinal);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_probe_should_forward_with_the_original_sender()
    {
        var probe = CreateTestProbe();
        var target = CreateTestProbe();
        probe.Ref.Tell("first", TestActor);
        probe.ExpectMsg("first");

        probe.Forward(target.Ref);
        probe.Forward(target.Ref, "second");

        target.ExpectMsgFrom(TestActor, "first");
        target.ExpectMsgFrom(TestActor, "second");
    }

    [Fact]
    public void A_probe_should_stand_for_its_reference()
    {
        var probe = CreateTestProbe();
        IActorRef asReference = probe;

        asReference.Tell("told to the probe itself", probe);

        probe.ExpectMsg("told to the probe itself");
        Assert.True(probe.Ref.Equals(probe.Sender));
        Assert.True(probe.Equals(probe.Ref));
        Assert.True(probe.Ref.Equals(asReference));
        Assert.Equal(probe.Ref.GetHashCode(), probe.GetHashCode());
        Assert.Equal(probe.Ref.Path, asReference.Path);
        Assert.Equal(0, probe.CompareTo(probe.Ref));
        Assert.Contains(probe.Ref.ToString()!, probe.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_should_be_a_parent()
    {
        var probe = CreateTestProbe();

        var child = probe.ChildActorOf<Child>();
        child.Tell("up");
        probe.ExpectMsgFrom(child, "up");

        var named = await probe.ChildActorOfAsync<Child>("named");
        Assert.Equal(probe.Ref.Path / "named", named.Path);
        named.Tell("up");
        probe.ExpectMsgFrom(named, "up");
    }

    [Fact]
    public void A_probe_should_watch()
    {
        var probe = CreateTestProbe();
        var child = ActorOf<Child>();
        probe.Watch(child);

        Sys.Stop(child);

        probe.ExpectTerminated(child);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_probe_should_be_watched()
    {
        var probe = CreateTestProbe();
        var byReference = CreateTestProbe();
        ActorOf(() => new Watcher(probe, TestActor));
        ActorOf(() => new Watcher(byReference.Ref, TestActor));
        ExpectMsg("watching");
        ExpectMsg("watching");

        Sys.Stop(probe);
        ExpectMsg(probe.Ref.Path);
        byReference.Ref.Tell(PoisonPill.Instance);
        ExpectMsg(byReference.Ref.Path);
    }

    [Fact]
    public void A_probe_should_be_watched_by_the_test_and_by_a_probe()
    {
        var probe = CreateTestProbe();
        var other = CreateTestProbe();
        Watch(probe);
        other.Watch(probe);

        Sys.Stop(probe.Ref);

        ExpectTerminated(probe);
        other.ExpectTerminated(probe.Ref);
    }

    [Fact]
    public async Task A_probe_should_answer_an_Ask()
    {
        var probe = CreateTestProbe();

        var answer = probe.Ref.Ask<string>("question", TimeSpan.FromSeconds(30));
        probe.ExpectMsg("question");
        probe.Reply("answer");

        Assert.Equal("answer", await answer);
    }

    [Fact]
    public void A_probe_should_have_time_windows_of_its_own()
    {
        var probe = CreateTestProbe();

        Within(TimeSpan.FromSeconds(30), () => Assert.Throws<InvalidOperationException>(() => probe.Remaining));
        probe.Within(TimeSpan.FromSeconds(30), () => Assert.NotEqual(default, probe.Remaining));
    }

    [Fact]
    public void A_probe_should_not_create_probes()
    {
        TestKitBase probe = CreateTestProbe();

        Assert.Throws<NotSupportedException>(() => probe.CreateTestProbe());
    }

    [Fact]
    public void A_stopped_probe_should_let_its_messages_become_dead_letters()
    {
        var probe = CreateTestProbe();
        Watch(probe.Ref);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe.Ref);

        EventFilter.DeadLetter<string>().ExpectOne(() => probe.Ref.Tell("too late"));

        probe.ExpectNoMsg(Soon);
    }
}
