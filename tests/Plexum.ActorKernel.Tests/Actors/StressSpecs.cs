using Akka.Actor;
using Xunit;

namespace Plexum.ActorKernel.Tests.Actors;

/// <summary>The guarantees once more, under load. Every wait is for a message.</summary>
public class StressSpecs : ActorSpecs
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task O10_eight_senders_with_a_million_messages_each_are_heard_completely_and_in_order()
    {
        const int Senders = 8;
        const int Each = 1_000_000;
        var senders = Enumerable.Range(0, Senders).Select(n => Start(_ => { }, $"sender-{n}")).ToArray();
        var numbers = Enumerable.Range(0, Each).Select(n => (object)n).ToArray();
        var sink = Start(a =>
        {
            var next = new int[Senders];
            var disorder = 0;
            var left = Senders * Each;
            a.On<int>(n =>
            {
                var sender = Array.IndexOf(senders, a.From);
                disorder += next[sender]++ == n ? 0 : 1;
                if (--left == 0)
                {
                    Note($"all, {disorder} out of order");
                }
            });
        });

        // On threads of their own: they would keep the pool from the tests that run beside this one.
        await Task.WhenAll(senders.Select(sender => OutsideAllActors(() =>
        {
            foreach (var number in numbers)
            {
                sink.Tell(number, sender);
            }

            return true;
        })));

        await ExpectMsgAsync("all, 0 out of order", Long);
    }

    [Fact]
    public async Task W13_a_hundred_thousand_actors_created_watched_and_stopped_bring_a_hundred_thousand_Terminated()
    {
        const int Count = 100_000;
        Start(parent =>
        {
            var expected = new HashSet<IActorRef>(Count);
            var props = Scripted.Of(c => c.On<string>(_ => c.Ctx.Stop(c.Me)));
            for (var n = 0; n < Count; n++)
            {
                expected.Add(parent.Ctx.Watch(parent.Ctx.ActorOf(props)));
            }

            parent.On<Terminated>(t =>
            {
                if (!expected.Remove(t.ActorRef))
                {
                    Note("one too many: " + t.ActorRef);
                }
                else if (expected.Count == 0)
                {
                    Note("all");
                }
            });
            foreach (var child in expected)
            {
                child.Tell("stop");
            }
        });

        await ExpectMsgAsync("all", Long);
    }

    [Fact]
    public async Task R12_ten_thousand_restarts_under_load_lose_no_message_but_the_failing_one()
    {
        const int Restarts = 10_000;
        const int Senders = 4;
        const int Each = 50_000;
        var handled = new int[Senders * Each];
        var restarts = 0;
        var actor = Start(p =>
        {
            p.Strategy = new OneForOneStrategy(_ => Directive.Restart, loggingEnabled: false);
            var left = Senders * Each;
            var child = p.Ctx.ActorOf(Scripted.Of(c =>
            {
                c.Restarted = _ => restarts++;
                c.ThrowsWhatItGets();
                c.On<int>(n =>
                {
                    handled[n]++;
                    if (--left == 0)
                    {
                        Note("all");
                    }
                });
            }));
            p.OnAny(message => child.Forward(message));
        });
        var failure = new InvalidOperationException("again");

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var n = 0; n < Each; n++)
            {
                actor.Tell(sender * Each + n, ActorRefs.NoSender);
                if (n % (Each / (Restarts / Senders)) == 0)
                {
                    actor.Tell(failure, ActorRefs.NoSender);
                }
            }
        })));

        await ExpectMsgAsync("all", Long);
        Assert.All(handled, times => Assert.Equal(1, times));
        Assert.Equal(Restarts, restarts);
    }

    [Fact]
    public async Task W14_who_watches_while_the_actor_stops_gets_exactly_one_Terminated()
    {
        const int Count = 10_000;
        var watcher = Start(a =>
        {
            var seen = new HashSet<IActorRef>();
            a.On<IActorRef>(subject => a.Ctx.Watch(subject));
            a.On<Terminated>(t =>
            {
                Assert.True(seen.Add(t.ActorRef));
                if (seen.Count == Count)
                {
                    a.Me.Tell("all");
                }
            });
            a.On<string>(text => Note($"{text}, {seen.Count}"));
        });
        var props = Scripted.Of(_ => { });

        for (var n = 0; n < Count; n++)
        {
            var subject = Sys.ActorOf(props);
            watcher.Tell(subject, ActorRefs.NoSender);
            subject.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        }

        await ExpectMsgAsync($"all, {Count}", Long);
    }

    [Fact]
    public async Task X11_actors_that_fail_and_are_stopped_at_the_same_time_stop_once()
    {
        const int Count = 5_000;
        var failure = new InvalidOperationException("and stopped");
        Start(parent =>
        {
            parent.Strategy = new OneForOneStrategy(_ => Directive.Restart, loggingEnabled: false);
            var left = Count;
            var props = Scripted.Of(c =>
            {
                c.Ctx.ActorOf(Scripted.Of(_ => { }));
                c.ThrowsWhatItGets();
            });
            var children = Enumerable.Range(0, Count).Select(_ => parent.Ctx.Watch(parent.Ctx.ActorOf(props))).ToList();
            parent.On<Terminated>(_ =>
            {
                if (--left == 0)
                {
                    parent.Me.Tell("all");
                }
            });
            parent.On<string>(text => Note($"{text}, {left} left"));
            foreach (var child in children)
            {
                child.Tell(failure);
                child.Tell(failure);
                parent.Ctx.Stop(child);
            }
        });

        await ExpectMsgAsync("all, 0 left", Long);
    }

    [Fact]
    public async Task Q13_under_load_every_ask_gets_its_own_answer()
    {
        var echo = Start(a => a.On<int>(n => a.From.Tell(n)));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(asker => Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++)
            {
                var first = (asker * 10_000) + (n * 100);
                var answers = await Task.WhenAll(Enumerable.Range(first, 100).Select(number => echo.Ask<int>(number, Long)));
                Assert.Equal(Enumerable.Range(first, 100), answers);
            }
        })));
    }

    [Fact]
    public async Task G14_a_system_under_load_terminates_and_every_actor_has_stopped()
    {
        const int Count = 1_000;
        var stopped = 0;
        var props = Scripted.Of(a =>
        {
            a.On<string>(text => a.Me.Tell(text));
            a.OnAsync<int>(async n =>
            {
                await Task.Yield();
                a.Me.Tell(n);
            });
            a.Stopping = () => Interlocked.Increment(ref stopped);
        });
        for (var n = 0; n < Count; n++)
        {
            Sys.ActorOf(props).Tell(n % 2 == 0 ? "spin" : n, ActorRefs.NoSender);
        }

        await Sys.Terminate().WaitAsync(Long);

        Assert.Equal(Count, stopped);
    }
}
