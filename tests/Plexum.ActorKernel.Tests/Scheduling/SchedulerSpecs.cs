using Akka.Actor;
using Akka.Event;
using Plexum.ActorKernel.Tests.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Scheduling;

public sealed class SchedulerSpecs : SystemTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_message_is_sent_once_with_its_sender_and_not_early()
    {
        var system = Start();
        var listener = new Listener(system);
        var sender = new Listener(system);
        var started = system.Scheduler.MonotonicClock;

        system.Scheduler.ScheduleTellOnce(Soon, listener.Ref, "late", sender.Ref);
        var (message, from) = await listener.NextWithSender();

        Assert.Equal("late", message);
        Assert.Equal(sender.Ref, from);
        Assert.True(system.Scheduler.MonotonicClock - started >= Soon, "The message came early.");
    }

    [Fact]
    public async Task Shorter_delays_come_first()
    {
        var system = Start();
        var listener = new Listener(system);

        foreach (var delay in new[] { 300, 100, 200, 0 })
        {
            system.Scheduler.ScheduleTellOnce(delay, listener.Ref, delay, ActorRefs.NoSender);
        }

        Assert.Equal([0, 100, 200, 300], await listener.Until(m => m is 300));
    }

    [Fact]
    public async Task A_repeated_message_is_sent_until_it_is_cancelled()
    {
        var system = Start();
        var listener = new Listener(system);

        var handle = system.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, Soon, listener.Ref, "tick", ActorRefs.NoSender);
        await listener.Next<string>();
        await listener.Next<string>();
        await listener.Next<string>();
        handle.Cancel();
        system.Scheduler.ScheduleTellOnce(Soon * 4, listener.Ref, "end", ActorRefs.NoSender);

        // A tick that was on its way when the handle was cancelled may still come, but not four more.
        Assert.InRange((await listener.Until(m => m is "end")).Count, 1, 2);
    }

    [Fact]
    public async Task Cancelled_work_is_not_done()
    {
        var system = Start();
        var listener = new Listener(system);

        var told = system.Scheduler.ScheduleTellOnceCancelable(Soon, listener.Ref, "no", ActorRefs.NoSender);
        var run = system.Scheduler.Advanced.ScheduleOnceCancelable(Soon, () => listener.Ref.Tell("no"));
        told.Cancel();
        run.Cancel();
        run.Cancel();
        system.Scheduler.ScheduleTellOnce(Soon * 2, listener.Ref, "end", ActorRefs.NoSender);

        Assert.Equal("end", await listener.Next<string>());
        Assert.True(told.IsCancellationRequested);
    }

    [Fact]
    public async Task Work_scheduled_with_a_cancelled_handle_is_not_done()
    {
        var system = Start();
        var listener = new Listener(system);
        var handle = new Cancelable(system.Scheduler);
        handle.Cancel();

        system.Scheduler.ScheduleTellOnce(TimeSpan.Zero, listener.Ref, "no", ActorRefs.NoSender, handle);
        system.Scheduler.ScheduleTellOnce(Soon, listener.Ref, "end", ActorRefs.NoSender);

        Assert.Equal("end", await listener.Next<string>());
    }

    [Fact]
    public async Task One_handle_cancels_all_that_was_scheduled_with_it()
    {
        var system = Start();
        var listener = new Listener(system);
        var handle = new Cancelable(system.Scheduler);
        system.Scheduler.ScheduleTellOnce(TimeSpan.Zero, listener.Ref, "first", ActorRefs.NoSender, handle);
        await listener.Next<string>();
        for (var i = 0; i < 10; i++)
        {
            system.Scheduler.ScheduleTellOnce(Soon, listener.Ref, "no", ActorRefs.NoSender, handle);
        }

        handle.Cancel();
        system.Scheduler.ScheduleTellOnce(Soon * 2, listener.Ref, "end", ActorRefs.NoSender);

        Assert.Equal("end", await listener.Next<string>());
    }

    [Fact]
    public async Task An_action_can_cancel_its_own_repetition()
    {
        var system = Start();
        var listener = new Listener(system);
        var handle = new Cancelable(system.Scheduler);
        var runs = 0;

        system.Scheduler.Advanced.ScheduleRepeatedly(0, 1, () =>
        {
            if (++runs == 3)
            {
                handle.Cancel();
            }
        }, handle);
        await handle.Token.WaitAsync();
        system.Scheduler.ScheduleTellOnce(Soon, listener.Ref, "end", ActorRefs.NoSender);
        await listener.Next<string>();

        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task An_action_that_fails_is_logged_and_not_repeated()
    {
        var system = Start();
        var listener = new Listener(system);
        system.EventStream.Subscribe<Error>(listener.Ref);
        var runs = 0;

        system.Scheduler.Advanced.ScheduleRepeatedly(0, 1, () =>
        {
            runs++;
            throw new InvalidOperationException("broken");
        });
        var error = await listener.Next<Error>();
        system.Scheduler.ScheduleTellOnce(Soon, listener.Ref, "end", ActorRefs.NoSender);
        await listener.Next<string>();

        Assert.Equal("broken", Assert.IsType<InvalidOperationException>(error.Cause).Message);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Cancelled_work_is_let_go_of_at_once_however_late_it_was_due()
    {
        var system = Start();
        var (message, handle) = ScheduleAndCancel(system.Scheduler);
        var deadline = DateTime.UtcNow + Limit;

        while (message.IsAlive && DateTime.UtcNow < deadline)
        {
            GC.Collect();
        }

        Assert.False(message.IsAlive, "The scheduler holds a message that was cancelled.");
        GC.KeepAlive(handle);

        static (WeakReference, ICancelable) ScheduleAndCancel(IScheduler scheduler)
        {
            var message = new object();
            var handle = scheduler.ScheduleTellOnceCancelable(TimeSpan.FromHours(1), ActorRefs.Nobody, message, ActorRefs.NoSender);
            handle.Cancel();
            return (new WeakReference(message), handle);
        }
    }

    [Fact]
    public void Impossible_times_are_refused()
    {
        var scheduler = Start().Scheduler;
        var past = TimeSpan.FromTicks(-1);

        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.ScheduleTellOnce(past, ActorRefs.Nobody, "x", null));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Advanced.ScheduleOnce(past, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.ScheduleTellRepeatedly(past, Soon, ActorRefs.Nobody, "x", null));
        Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Advanced.ScheduleRepeatedly(Soon, TimeSpan.Zero, () => { }));
    }

    [Fact]
    public async Task When_the_system_ends_what_still_waits_is_done_once_unless_cancelled_and_nothing_can_be_added()
    {
        var system = Start();
        var once = 0;
        var repeated = 0;
        var cancelled = 0;
        system.Scheduler.Advanced.ScheduleOnce(Never, () => once++);
        system.Scheduler.Advanced.ScheduleRepeatedly(Never, Never, () => repeated++);
        system.Scheduler.Advanced.ScheduleOnceCancelable(Never, () => cancelled++).Cancel();

        await system.Terminate().WaitAsync(Limit);

        Assert.Equal((1, 1, 0), (once, repeated, cancelled));
        Assert.Throws<SchedulerException>(() => system.Scheduler.Advanced.ScheduleOnce(Soon, () => { }));
    }

    [Fact]
    public async Task Of_many_timers_from_many_threads_all_fire_but_the_cancelled_ones()
    {
        var system = Start();
        const int Threads = 4;
        const int Each = 10_000;
        var fired = new int[Threads * Each];
        var missing = Threads * Each / 2;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var i = thread * Each; i < (thread + 1) * Each; i++)
            {
                var number = i;
                var wait = i % 2 == 0 ? random.Next(200) : 3_600_000;
                var handle = system.Scheduler.Advanced.ScheduleOnceCancelable(wait, () =>
                {
                    fired[number]++;
                    if (Interlocked.Decrement(ref missing) == 0)
                    {
                        done.SetResult();
                    }
                });
                if (i % 2 != 0)
                {
                    handle.Cancel();
                }
            }
        })));
        await done.Task.WaitAsync(Limit);
        await system.Terminate().WaitAsync(Limit);

        Assert.Equal(Enumerable.Range(0, fired.Length).Select(i => i % 2 == 0 ? 1 : 0), fired);
    }

    [Fact]
    public void The_monotonic_clock_never_goes_back()
    {
        var scheduler = Start().Scheduler;
        var before = scheduler.HighResMonotonicClock;

        for (var i = 0; i < 1000; i++)
        {
            var now = scheduler.HighResMonotonicClock;
            Assert.True(now >= before);
            before = now;
        }

        Assert.InRange(scheduler.Now, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }
}
