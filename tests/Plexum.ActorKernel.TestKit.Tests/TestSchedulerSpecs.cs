using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;
using Xunit;

namespace Plexum.ActorKernel.TestKitTests;

public class TestSchedulerSpecs : TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public TestSchedulerSpecs()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private void Nothing() => ExpectNoMsg(TimeSpan.Zero);

    [Fact]
    public void A_message_should_come_when_its_time_has_come_and_not_before()
    {
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "tick", TestActor);

        Nothing();
        Clock.Advance(Second - TimeSpan.FromTicks(1));
        Nothing();
        Clock.Advance(TimeSpan.FromTicks(1));
        ExpectMsgFrom(TestActor, "tick");
        Clock.Advance(Second);
        Nothing();
    }

    [Fact]
    public void The_clock_should_stand_where_the_test_turned_it()
    {
        var before = Clock.Now;

        Clock.Advance(Second);
        Assert.Equal(before + Second, Clock.Now);
        Clock.AdvanceTo(before + (2 * Second));
        Assert.Equal(before + (2 * Second), Clock.Now);
        Assert.Throws<InvalidOperationException>(() => Clock.AdvanceTo(before));
    }

    [Fact]
    public void Messages_should_come_in_the_order_of_their_times_and_of_scheduling()
    {
        Sys.Scheduler.ScheduleTellOnce(2 * Second, TestActor, "c", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "a", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "b", ActorRefs.NoSender);

        Clock.Advance(5 * Second);

        Assert.Equal(["a", "b", "c"], ReceiveN(3));
    }

    [Fact]
    public void A_repeated_message_should_come_once_a_turn()
    {
        Sys.Scheduler.ScheduleTellRepeatedly(Second, 2 * Second, TestActor, "tick", ActorRefs.NoSender);

        Clock.Advance(Second);
        ExpectMsg("tick");
        Clock.Advance(Second);
        Nothing();
        Clock.Advance(Second);
        ExpectMsg("tick");
        Clock.Advance(10 * Second);
        ExpectMsg("tick");
        Nothing();
        Clock.Advance(2 * Second);
        ExpectMsg("tick");
    }

    [Fact]
    public void A_cancelled_message_should_not_come()
    {
        var once = Sys.Scheduler.ScheduleTellOnceCancelable(Second, TestActor, "once", ActorRefs.NoSender);
        var repeated = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Second, Second, TestActor, "repeated", ActorRefs.NoSender);
        once.Cancel();

        Clock.Advance(Second);
        ExpectMsg("repeated");
        repeated.Cancel();
        Clock.Advance(Second);
        Nothing();
    }

    [Fact]
    public void An_action_should_run_on_the_thread_of_the_test()
    {
        var threads = new List<int>();
        Sys.Scheduler.Advanced.ScheduleOnce(Second, () => threads.Add(Environment.CurrentManagedThreadId));
        Sys.Scheduler.Advanced.ScheduleRepeatedly(Second, Second, () => threads.Add(Environment.CurrentManagedThreadId));

        Clock.Advance(Second);
        Clock.Advance(Second);

        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 3), threads);
    }

    [Fact]
    public void Work_scheduled_by_work_should_count_from_the_new_time()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Second, () =>
            Sys.Scheduler.ScheduleTellOnce(Second, TestActor, "later", ActorRefs.NoSender));

        Clock.Advance(10 * Second);
        Nothing();
        Clock.Advance(Second);
        ExpectMsg("later");
    }

    [Fact]
    public void Timers_of_an_actor_should_follow_the_clock()
    {
        var actor = ActorOf(() => new Timed(TestActor));
        ExpectMsg("ready");

        Clock.Advance(Second);
        ExpectMsg("periodic");
        Clock.Advance(Second);
        ExpectMsg("single");
        ExpectMsg("periodic");
        actor.Tell("cancel");
        ExpectMsg("cancelled");
        Clock.Advance(Second);
        ExpectNoMsg(Failure.Soon);
    }

    [Fact]
    public void A_receive_timeout_should_follow_the_clock()
    {
        var actor = ActorOf(() => new Impatient(TestActor));
        Settle(actor);

        Clock.Advance(Second);
        ExpectMsg("timeout");
        actor.Tell("reset");
        ExpectMsg("reset");
        Settle(actor);
        Clock.Advance(Second);
        ExpectMsg("timeout");
    }

    // The time runs anew only when the handler has returned: the answer to a further message says that it has.
    private void Settle(IActorRef actor)
    {
        actor.Tell(Question.Instance);
        ExpectMsg(Question.Instance);
    }

    [Fact]
    public void The_scheduler_should_be_set_by_its_name()
    {
        using var named = new Named();

        Assert.IsType<TestScheduler>(named.Sys.Scheduler);
    }

    private sealed class Named() : TestKit($"akka.scheduler.implementation = \"{typeof(TestScheduler).AssemblyQualifiedName}\""), INoImplicitSender;

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef listener)
        {
            Receive<string>(m => m == "cancel", _ =>
            {
                Timers.CancelAll();
                listener.Tell("cancelled");
            });
            ReceiveAny(m => listener.Tell(m));
            Listener = listener;
        }

        public ITimerScheduler Timers { get; set; } = null!;

        private IActorRef Listener { get; }

        protected override void PreStart()
        {
            Timers.StartPeriodicTimer("p", "periodic", Second);
            Timers.StartSingleTimer("s", "single", 2 * Second);
            Listener.Tell("ready");
        }
    }

    private sealed class Impatient : ReceiveActor
    {
        public Impatient(IActorRef listener)
        {
            SetReceiveTimeout(Second);
            Receive<ReceiveTimeout>(_ => listener.Tell("timeout"));
            ReceiveAny(m => listener.Tell(m));
        }
    }

    private sealed class Question : INotInfluenceReceiveTimeout
    {
        public static readonly Question Instance = new();
    }
}
