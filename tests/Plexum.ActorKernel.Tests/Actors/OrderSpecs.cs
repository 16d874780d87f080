using Akka.Actor;
using Akka.Event;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

public class OrderSpecs : ActorSpecs
{
    [Fact]
    public async Task O1_messages_of_one_sender_arrive_in_the_order_sent()
    {
        var sink = Start(a => a.On<int>(n => Note(n)));

        for (var n = 0; n < 1_000; n++)
        {
            sink.Tell(n, TestActor);
        }

        Assert.Equal(Enumerable.Range(0, 1_000), await Take<int>(1_000));
    }

    [Fact]
    public async Task O2_messages_of_several_senders_mix_but_each_sender_keeps_its_order()
    {
        var sink = Start(a =>
        {
            var seen = new List<(string From, int Number)>();
            a.On<int>(n =>
            {
                seen.Add((a.From.Path.Name, n));
                if (seen.Count == 4_000)
                {
                    Note(seen);
                }
            });
        });

        for (var s = 0; s < 4; s++)
        {
            Start(a => a.On<string>(_ =>
            {
                for (var n = 0; n < 1_000; n++)
                {
                    sink.Tell(n);
                }
            })).Tell("go", TestActor);
        }

        var all = await ExpectMsgAsync<List<(string From, int Number)>>();
        var bySender = all.GroupBy(m => m.From, m => m.Number).ToList();
        Assert.Equal(4, bySender.Count);
        Assert.All(bySender, numbers => Assert.Equal(Enumerable.Range(0, 1_000), numbers));
    }

    [Fact]
    public async Task O3_an_actor_handles_one_message_at_a_time()
    {
        var inside = 0;
        var overlaps = 0;
        var handled = 0;
        var actor = Start(a => a.On<int>(_ =>
        {
            overlaps += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
            if (handled % 100 == 0)
            {
                Thread.Yield();
            }

            Interlocked.Decrement(ref inside);
            if (++handled == 80_000)
            {
                Note("all");
            }
        }));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 10_000; n++)
            {
                actor.Tell(n, ActorRefs.NoSender);
            }
        })));

        await ExpectNotes("all");
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task O4_what_one_turn_wrote_the_next_turn_reads_on_whatever_thread()
    {
        var actor = Start(a =>
        {
            var sum = 0L;
            var last = new Dictionary<int, int>();
            a.On<int>(n =>
            {
                sum += n;
                last[n % 7] = n;
            });
            a.On<string>(_ => a.From.Tell(sum));
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 1; n <= 50_000; n++)
            {
                actor.Tell(n, ActorRefs.NoSender);
            }
        })));

        actor.Tell("sum", TestActor);
        await ExpectMsgAsync(4 * 50_000L * 50_001 / 2);
    }

    [Fact]
    public async Task O5_system_messages_overtake_the_messages_in_the_mailbox()
    {
        var dead = Subscribed(typeof(DeadLetter));
        var actor = Start(a =>
        {
            a.Stopping = () => Note("stopped");
            a.On<string>(text =>
            {
                if (text == "go")
                {
                    a.Me.Tell("queued");
                    a.Ctx.Stop(a.Me);
                }

                Note(text);
            });
        });

        actor.Tell("go", TestActor);

        await ExpectNotes("go", "stopped");
        Assert.Equal("queued", (await dead.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task O6_a_message_to_oneself_goes_behind_those_already_in_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Start(a => a.On<string>(text =>
        {
            Note(text);
            if (text == "first")
            {
                gate.Wait(Patience);
                a.Me.Tell("own");
            }
        }));

        actor.Tell("first", TestActor);
        actor.Tell("second", TestActor);
        gate.Set();

        await ExpectNotes("first", "second", "own");
    }

    [Fact]
    public async Task O7_a_message_is_delivered_at_most_once_and_tell_says_nothing_of_its_fate()
    {
        var actor = Start(a => a.On<int>(n => Note(n)));
        for (var n = 0; n < 100; n++)
        {
            actor.Tell(n, TestActor);
        }

        Assert.Equal(100, (await Take<int>(100)).Distinct().Count());

        await StopAndWait(actor);
        actor.Tell(100, TestActor);
        Note("no second delivery, no error");
        await ExpectNotes("no second delivery, no error");
    }

    [Fact]
    public async Task O8_busy_actors_do_not_keep_the_others_from_running()
    {
        for (var n = 0; n < 8; n++)
        {
            Start(a => a.On<string>(spin => a.Me.Tell(spin))).Tell("spin", TestActor);
        }

        var quiet = Start(a => a.On<int>(n => a.From.Tell(n)));
        for (var n = 0; n < 20; n++)
        {
            Assert.Equal(n, await quiet.Ask<int>(n, Patience));
        }
    }

    [Fact]
    public async Task O9_a_mailbox_has_no_bound_and_tell_does_not_wait()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Start(a =>
        {
            var count = 0;
            a.OnAsync<string>(_ => release.Task);
            a.On<int>(_ =>
            {
                if (++count == 100_000)
                {
                    Note("all");
                }
            });
        });

        actor.Tell("wait", TestActor);
        for (var n = 0; n < 100_000; n++)
        {
            actor.Tell(n, TestActor);
        }

        release.SetResult();
        await ExpectNotes("all");
    }

    [Fact]
    public async Task O11_a_message_told_inside_an_actor_has_that_actor_as_its_sender()
    {
        var outer = Start(a => a.On<IActorRef>(other => other.Tell("hello")), "outer");

        outer.Tell(TestActor, ActorRefs.NoSender);

        await ExpectMsgAsync("hello");
        Assert.Equal(outer, LastSender);
    }

    [Fact]
    public async Task O12_a_message_told_without_a_sender_has_the_dead_letters_as_its_sender()
    {
        var actor = Start(a => a.On<string>(_ => Note(a.From)));

        actor.Tell("from nobody", ActorRefs.NoSender);

        Assert.Equal(Sys.DeadLetters, await ExpectMsgAsync<IActorRef>());
    }
}
