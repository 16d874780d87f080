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

        await Task.WhenAll(senders.Select(sender => Task.Run(() =>
        {
            foreach (var number in numbers)
            {
                sink.Tell(number, sender);
            }
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
            for (var n = 0; n < Count; n++)
            {
                var child = parent.Ctx.ActorOf(Scripted.Of(c => c.On<string>(_ => c.Ctx.Stop(c.Me))));
                expected.Add(parent.Ctx.Watch(child));
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
}
