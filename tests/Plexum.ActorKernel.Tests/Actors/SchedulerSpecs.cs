using System.Diagnostics;
using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>The system's own scheduler on the real clock: nothing here measures more than "not too early".</summary>
public class SchedulerSpecs : ActorSpecs
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task K1_ScheduleTellOnce_tells_once_and_never_too_early()
    {
        var watch = Stopwatch.StartNew();
        Sys.Scheduler.ScheduleTellOnce(2 * Short, TestActor, "later", TestActor);
        Sys.Scheduler.ScheduleTellOnce(6 * Short, TestActor, "last", TestActor);

        await ExpectNotes("later");
        Assert.True(watch.Elapsed >= 2 * Short - TimeSpan.FromMilliseconds(1), $"It came after {watch.Elapsed}.");
        await ExpectNotes("last");
    }

    [Fact]
    public async Task K2_ScheduleTellRepeatedly_tells_until_it_is_cancelled()
    {
        using var cancelable = new Cancelable(Sys.Scheduler);
        var stopped = 0;
        var actor = Start(a =>
        {
            var count = 0;
            a.On<string>(_ =>
            {
                if (++count == 3)
                {
                    cancelable.Cancel();
                    Sys.Scheduler.ScheduleTellOnce(4 * Short, a.Me, 0, a.Me);
                }
                else if (count > 4)
                {
                    stopped++;
                }
            });
            a.On<int>(_ => Note(stopped));
        });

        Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, Short, actor, "tick", TestActor, cancelable);

        await ExpectMsgAsync(0);
    }

    [Fact]
    public async Task K3_what_is_cancelled_before_its_time_does_not_happen()
    {
        var cancelled = Sys.Scheduler.ScheduleTellOnceCancelable(Short, TestActor, "cancelled", TestActor);
        cancelled.Cancel();
        Assert.True(cancelled.IsCancellationRequested);
        Sys.Scheduler.ScheduleTellOnce(3 * Short, TestActor, "end", TestActor);

        await ExpectNotes("end");
    }

    [Fact]
    public async Task K4_Advanced_schedules_actions()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Short, () => Note("action"));

        await ExpectNotes("action");
    }

    [Fact]
    public async Task K5_an_action_that_throws_disturbs_no_other()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Short, () => throw new InvalidOperationException("in the action"));
        Sys.Scheduler.Advanced.ScheduleOnce(3 * Short, () => Note("other"));

        await ExpectNotes("other");
    }

    [Fact]
    public void K6_a_negative_delay_and_an_interval_that_is_not_positive_are_refused()
    {
        var scheduler = Sys.Scheduler;

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            scheduler.ScheduleTellOnce(-Second, TestActor, "never", TestActor));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            scheduler.ScheduleTellRepeatedly(Second, TimeSpan.Zero, TestActor, "never", TestActor));
    }

    [Fact]
    public async Task K7_a_Cancelable_cancels_its_token_once_and_those_linked_to_it()
    {
        using var outer = new Cancelable(Sys.Scheduler);
        using var linked = (Cancelable)Cancelable.CreateLinkedCancelable(Sys.Scheduler, outer);
        linked.Token.Register(() => Note("linked cancelled"));

        outer.Cancel();
        outer.Cancel();
        Note("end");

        await ExpectNotes("linked cancelled", "end");
        Assert.True(linked.IsCancellationRequested);
    }

    [Fact]
    public async Task K8_after_the_system_has_terminated_nothing_can_be_scheduled()
    {
        await Sys.Terminate().WaitAsync(Patience);

        Assert.Throws<SchedulerException>(() =>
            Sys.Scheduler.ScheduleTellOnce(Short, ActorRefs.Nobody, "never", ActorRefs.NoSender));
    }
}
