using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>Traps that others fell into: each test shows the trap and, where there is one, the way round it.</summary>
public class TrapSpecs : ActorSpecs
{
    [Fact]
    public async Task T1_the_completion_of_superseded_work_arrives_all_the_same_so_it_carries_the_number_of_its_work()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Start(a =>
        {
            var current = 0;
            a.On<Task<string>>(work =>
            {
                var number = ++current;
                work.PipeTo(a.Me, success: result => new Completed(number, result));
            });
            a.On<Completed>(c => c.Number != current, c => Note("stale " + c.Result));
            a.On<Completed>(c => Note("current " + c.Result));
        });

        actor.Tell(first.Task, TestActor);
        actor.Tell(second.Task, TestActor);
        first.SetResult("one");
        await ExpectNotes("stale one");
        second.SetResult("two");

        await ExpectNotes("current two");
    }

    [Fact]
    public async Task T2_the_parent_still_finds_a_stopping_child_and_what_it_sends_there_becomes_dead_letters()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var parent = Start(p =>
        {
            var child = p.Ctx.ActorOf(Scripted.Of(c => c.OnAny(Note)), "child");
            p.On<string>(_ =>
            {
                p.Ctx.Stop(child);
                Note(p.Ctx.Child("child").Equals(child) ? "still found" : "gone");
                p.Ctx.Child("child").Forward("lost");
            });
        });

        parent.Tell("go", TestActor);

        await ExpectNotes("still found");
        Assert.Equal("lost", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task T3_messages_held_until_Terminated_reach_the_successor_of_a_stopping_child()
    {
        var generation = 0;
        var parent = Sys.ActorOf(ScriptedStasher.Of(p =>
        {
            IActorRef Successor()
            {
                var number = ++generation;
                return p.Ctx.Watch(p.Ctx.ActorOf(Scripted.Of(c => c.On<int>(n => Note($"{number}: {n}"))), "child"));
            }

            void Routing(IActorRef child)
            {
                p.On<string>(_ =>
                {
                    p.Ctx.Stop(child);
                    p.Turn(() =>
                    {
                        p.On<Terminated>(_ =>
                        {
                            var successor = Successor();
                            p.Turn(() => Routing(successor));
                            p.Stash.UnstashAll();
                        });
                        p.OnAny(_ => p.Stash.Stash());
                    });
                });
                p.On<int>(n => child.Forward(n));
            }

            Routing(Successor());
        }));

        parent.Tell(1, TestActor);
        await ExpectNotes("1: 1");
        parent.Tell("replace your child", TestActor);
        for (var n = 2; n <= 2_001; n++)
        {
            parent.Tell(n, TestActor);
        }

        Assert.Equal(Enumerable.Range(2, 2_000).Select(n => $"2: {n}"), await Take<string>(2_000));
    }

    [Fact]
    public async Task T4_commands_stashed_while_a_store_is_under_way_are_decided_on_the_new_state()
    {
        var stored = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(ScriptedStasher.Of(a =>
        {
            var state = 0;
            a.On<int>(command =>
            {
                var asker = a.From;
                stored.Task.PipeTo(a.Me, success: _ => "stored");
                a.Push(() =>
                {
                    a.On<string>(_ =>
                    {
                        state += command;
                        asker.Tell($"{command} makes {state}");
                        a.Pop();
                        a.Stash.UnstashAll();
                    });
                    a.OnAny(_ => a.Stash.Stash());
                });
            });
        }));

        TellAll(actor, 1, 10, 100);
        stored.SetResult(0);

        await ExpectNotes("1 makes 1", "10 makes 11", "100 makes 111");
    }

    [Fact]
    public async Task T5_restarts_before_the_window_are_forgotten_and_time_is_taken_from_a_clock_that_only_goes_forward()
    {
        var window = TimeSpan.FromMilliseconds(50);
        var failure = new InvalidOperationException("once in a while");
        var actor = StartFamily(new OneForOneStrategy(1, window, _ => Directive.Restart), child =>
        {
            child.Restarted = _ => Note("restarted");
            child.ThrowsWhatItGets();
        });

        for (var n = 0; n < 4; n++)
        {
            var watch = Stopwatch.StartNew();
            actor.Tell(failure, TestActor);
            await ExpectNotes("restarted");
            await AwaitAssertAsync(() => Assert.True(watch.Elapsed > 3 * window), Patience);
        }
    }

    [Fact]
    public async Task T6_Terminated_says_ExistenceConfirmed_of_an_actor_that_was_there_and_AddressTerminated_only_of_remote_ones()
    {
        var watched = Start(_ => { });
        await WatchAsync(watched);

        Sys.Stop(watched);
        var seen = await ExpectMsgAsync<Terminated>();
        Assert.True(seen.ExistenceConfirmed);
        Assert.False(seen.AddressTerminated);

        await WatchAsync(watched);
        var late = await ExpectMsgAsync<Terminated>();
        Assert.False(late.ExistenceConfirmed);
        Assert.False(late.AddressTerminated);
    }

    [Fact]
    public async Task T7_a_setting_that_nobody_reads_changes_nothing_and_nobody_is_told()
    {
        const string Unread = """
            akka.serialize-messages = on
            akka.actor.no-such-setting = 1
            """;
        using var system = ActorSystem.Create("unread", ConfigurationFactory.ParseString(Unread));
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new Completed(1, "no copy is made of it");

        system.ActorOf(Scripted.Of(a => a.OnAny(m => answer.SetResult(m)))).Tell(message, ActorRefs.NoSender);

        Assert.Same(message, await answer.Task.WaitAsync(Patience));
        Assert.Equal(1, system.Settings.Config.GetInt("akka.actor.no-such-setting"));
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task T8_a_log_template_is_filled_by_position()
    {
        var actor = Start(a => a.On<string>(_ =>
            a.Ctx.GetLogger().Warning("turn {0} of {1}: {0} again", 7, "agent")));

        await EventFilter.Warning("turn 7 of agent: 7 again").ExpectOneAsync(() =>
        {
            actor.Tell("log", TestActor);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task T9_braces_in_what_is_logged_stay_as_they_are_when_they_come_in_as_an_argument()
    {
        var actor = Start(a => a.On<string>(text => a.Ctx.GetLogger().Warning("{0}", text)));

        await EventFilter.Warning("#{0} of {Name} ({1})").ExpectOneAsync(() =>
        {
            actor.Tell("#{0} of {Name} ({1})", TestActor);
            return Task.CompletedTask;
        });
    }

    private sealed record Completed(int Number, string Result);
}
