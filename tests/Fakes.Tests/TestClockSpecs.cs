using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Plexum.Codex.Fakes;

public sealed class TestClockSpecs
{
    [Fact]
    public async Task Nothing_that_is_scheduled_while_the_clock_moves_is_lost()
    {
        const int Threads = 2;
        const int Messages = 5000;
        var second = TimeSpan.FromSeconds(1);
        var clock = new TestClock(Config.Empty, NoLogger.Instance);
        var told = new Told();

        var scheduling = Enumerable
            .Range(0, Threads)
            .Select(_ =>
                Task.Run(() =>
                {
                    for (var i = 0; i < Messages; i++)
                    {
                        clock.ScheduleTellOnce(second, told, i, ActorRefs.Nobody);
                    }
                })
            )
            .ToList();
        while (!scheduling.TrueForAll(task => task.IsCompleted))
        {
            clock.Advance(second);
        }

        await Task.WhenAll(scheduling);
        clock.Advance(second);
        Assert.Equal(Threads * Messages, told.Count);
    }

    private sealed class Told : ICanTell
    {
        public int Count { get; private set; }

        public void Tell(object message, IActorRef sender) => Count++;
    }
}
