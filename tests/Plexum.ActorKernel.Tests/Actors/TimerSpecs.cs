using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class TimerSpecs : ClockSpecs
{
    [Fact]
    public async Task M1_a_single_timer_brings_its_message_once_when_its_time_has_come()
    {
        var actor = await Started(a =>
        {
            a.Timers.StartSingleTimer("key", "ring", Second);
            a.On<string>(Note);
        });

        Clock.Advance(Second / 2);
        actor.Tell("not yet", TestActor);
        await ExpectNotes("not yet");
        Clock.Advance(Second / 2);
        await ExpectNotes("ring");
        Clock.Advance(10 * Second);
        actor.Tell("not again", TestActor);
        await ExpectNotes("not again");
    }

    [Fact]
    public async Task M2_a_periodic_timer_brings_its_message_after_each_interval()
    {
        await Started(a =>
        {
            a.Timers.StartPeriodicTimer("key", "tick", Second);
            a.On<string>(Note);
        });

        for (var n = 0; n < 3; n++)
        {
            Clock.Advance(Second);
            await ExpectNotes("tick");
        }
    }

    [Fact]
    public async Task M3_a_periodic_timer_may_have_another_delay_before_its_first_message()
    {
        var actor = await Started(a =>
        {
            a.Timers.StartPeriodicTimer("key", "tick", 3 * Second, Second);
            a.On<string>(Note);
        });

        Clock.Advance(2 * Second);
        actor.Tell("not yet", TestActor);
        await ExpectNotes("not yet");
        Clock.Advance(Second);
        await ExpectNotes("tick");
        Clock.Advance(Second);
        await ExpectNotes("tick");
    }

    [Fact]
    public async Task M4_a_timer_replaces_the_one_of_the_same_key_and_even_its_message_in_the_mailbox()
    {
        var actor = Timed(a => a.On<string>(text =>
        {
            if (text == "go")
            {
                a.Timers.StartSingleTimer("key", "old", Second);
                Clock.Advance(Second);
                a.Me.Tell("behind the old message");
                a.Timers.StartSingleTimer("key", "new", Second);
                a.Timers.StartSingleTimer("other key", "other", Second);
                Clock.Advance(Second);
                a.Me.Tell("end");
                return;
            }

            Note(text);
        }));

        actor.Tell("go", TestActor);

        await ExpectNotes("behind the old message", "new", "other", "end");
    }

    [Fact]
    public async Task M5_a_cancelled_timer_brings_nothing_not_even_a_message_already_in_the_mailbox()
    {
        var actor = Timed(a => a.On<string>(text =>
        {
            if (text == "go")
            {
                a.Timers.StartSingleTimer("one", "cancelled", Second);
                a.Timers.StartPeriodicTimer("two", "cancelled too", Second);
                Clock.Advance(Second);
                a.Timers.Cancel("one");
                a.Timers.CancelAll();
                Clock.Advance(Second);
                a.Me.Tell("end");
                return;
            }

            Note(text);
        }));

        actor.Tell("go", TestActor);

        await ExpectNotes("end");
    }

    [Fact]
    public async Task M6_timers_die_with_their_actor()
    {
        var dead = Subscribed(typeof(AllDeadLetters));
        var actor = await Started(a =>
        {
            a.Timers.StartSingleTimer("one", "single", Second);
            a.Timers.StartPeriodicTimer("two", "periodic", Second);
        });

        await StopAndWait(actor);
        Clock.Advance(10 * Second);
        actor.Tell("marker", TestActor);

        Assert.Equal("marker", (await dead.ExpectMsgAsync<AllDeadLetters>()).Message);
    }

    [Fact]
    public async Task M7_timers_die_with_a_restart_and_so_do_their_messages_in_the_mailbox()
    {
        var actor = Timed(a =>
        {
            a.On<Exception>(failure =>
            {
                a.Timers.StartPeriodicTimer("key", "of the old instance", Second);
                Clock.Advance(Second);
                throw failure;
            });
            a.On<string>(text => Note($"{text}, {a.Timers.ActiveTimers.Count} timers"));
        });

        actor.Tell(new InvalidOperationException("restart"), TestActor);
        actor.Tell("restarted", TestActor);
        await ExpectNotes("restarted, 0 timers");
        Clock.Advance(10 * Second);
        actor.Tell("later", TestActor);
        await ExpectNotes("later, 0 timers");

        var dead = Subscribed(typeof(AllDeadLetters));
        await StopAndWait(actor);
        Clock.Advance(10 * Second);
        actor.Tell("marker", TestActor);
        Assert.Equal("marker", (await dead.ExpectMsgAsync<AllDeadLetters>()).Message);
    }

    [Fact]
    public async Task M8_the_new_instance_can_use_the_keys_of_the_old_one()
    {
        var incarnation = 0;
        var actor = Timed(a =>
        {
            var message = $"tick of {++incarnation}";
            a.Starting = () =>
            {
                a.Timers.StartPeriodicTimer("key", message, Second);
                Note("started");
            };
            a.On<string>(Note);
            a.On<Exception>(failure =>
            {
                Clock.Advance(Second);
                throw failure;
            });
        });

        actor.Tell(new InvalidOperationException("restart"), TestActor);
        await ExpectNotes("started", "started");
        Clock.Advance(Second);

        await ExpectNotes("tick of 2");
    }

    [Fact]
    public async Task M9_a_single_timer_is_active_until_its_message_is_handled_and_a_periodic_one_until_it_is_cancelled()
    {
        await Started(a =>
        {
            string State() => string.Join(' ', ((string[])["single", "periodic"]).Where(a.Timers.IsTimerActive));

            a.Timers.StartSingleTimer("single", "single", Second);
            a.Timers.StartPeriodicTimer("periodic", "periodic", 2 * Second);
            Note(State());
            a.On<string>(text =>
            {
                if (text == "periodic")
                {
                    Note(State());
                    a.Timers.Cancel("periodic");
                }

                Note(State());
            });
        });

        await ExpectNotes("single periodic");
        Clock.Advance(Second);
        await ExpectNotes("periodic");
        Clock.Advance(Second);
        await ExpectNotes("periodic", string.Empty);
    }

    [Fact]
    public async Task M10_a_timers_message_comes_from_nobody_unless_a_sender_is_given()
    {
        await Started(a =>
        {
            a.Timers.StartSingleTimer("one", "plain", Second);
            a.Timers.StartSingleTimer("two", "with sender", 2 * Second, TestActor);
            a.On<string>(_ => Note(a.From));
        });

        Clock.Advance(Second);
        Assert.Equal(Sys.DeadLetters, await ExpectMsgAsync<IActorRef>());
        Clock.Advance(Second);
        Assert.Equal(TestActor, await ExpectMsgAsync<IActorRef>());
    }

    [Fact]
    public async Task M11_a_timers_message_can_be_stashed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new StashingTimer(TestActor)));
        actor.Tell("start", TestActor);
        await ExpectNotes("started");

        Clock.Advance(Second);
        await ExpectNotes("stashed");
        actor.Tell("open", TestActor);

        await ExpectNotes("ring");
    }

    [Fact]
    public async Task M12_a_timer_can_bring_a_PoisonPill()
    {
        var actor = await Started(a => a.Timers.StartSingleTimer("key", PoisonPill.Instance, Second));
        await WatchAsync(actor);

        Clock.Advance(Second);

        await ExpectTerminatedAsync(actor);
    }

    private IActorRef Timed(Action<ScriptedTimer> script) => Sys.ActorOf(ScriptedTimer.Of(script));

    /// <summary>Starts the actor and waits until its constructor has run, so that the clock may be turned.</summary>
    private async Task<IActorRef> Started(Action<ScriptedTimer> script)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Timed(a =>
        {
            script(a);
            a.Starting = running.SetResult;
        });
        await running.Task.WaitAsync(Patience);
        return actor;
    }

    private sealed class StashingTimer : ReceiveActor, IWithTimers, IWithStash
    {
        public StashingTimer(IActorRef report)
        {
            Receive<string>(text => text == "start", _ =>
            {
                Timers.StartSingleTimer("key", "ring", TimeSpan.FromSeconds(1));
                report.Tell("started");
            });
            Receive<string>(text => text == "open", _ =>
            {
                Become(() => Receive<string>(text => report.Tell(text)));
                Stash.UnstashAll();
            });
            Receive<string>(_ =>
            {
                Stash.Stash();
                report.Tell("stashed");
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;
    }
}
