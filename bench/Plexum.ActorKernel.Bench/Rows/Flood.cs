using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>A thread outside the system tells one actor as fast as it can; the round ends when all has been received.</summary>
internal static class Flood
{
    private const int Rounds = 3;

    public static async Task RunAsync(Meter meter)
    {
        using var system = BenchSystem.Create();
        await meter.RoundsAsync(Rounds, "msg", async () =>
        {
            var done = BenchSystem.Signal();
            var counter = system.ActorOf(Props.Create(() => new Counter(meter.Size, done)));
            var message = new object();
            for (var i = 0; i < meter.Size; i++)
            {
                counter.Tell(message);
            }

            await done.Task;
            system.Stop(counter);
        });
        await system.Terminate();
    }

    private sealed class Counter(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _received;

        protected override void OnReceive(object message)
        {
            if (++_received == expected)
            {
                done.SetResult();
            }
        }
    }
}
