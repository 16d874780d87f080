using System.Diagnostics;
using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>A child throws at every message and its parent restarts it, by the default strategy.</summary>
internal static class Restart
{
    private const int Rounds = 3;

    public static async Task RunAsync(Meter meter)
    {
        using var system = BenchSystem.Create();
        for (var round = 1; round <= Rounds; round++)
        {
            Meter.Settle();
            var done = BenchSystem.Signal();
            var parent = system.ActorOf(Props.Create(() => new Parent(meter.Size, done)));
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < meter.Size; i++)
            {
                parent.Tell(i);
            }

            await done.Task;
            var each = Stopwatch.GetElapsedTime(start).TotalMicroseconds / meter.Size;
            if (round is 1 or Rounds)
            {
                meter.Report(round == 1 ? "first round, each" : "warm, each", each, "µs");
            }

            system.Stop(parent);
        }

        await system.Terminate();
    }

    private sealed class Parent : UntypedActor
    {
        private readonly IActorRef _child;

        public Parent(int restarts, TaskCompletionSource done)
        {
            var counter = new Counter(restarts, done);
            _child = Context.ActorOf(Props.Create(() => new Fragile(counter)));
        }

        protected override void OnReceive(object message) => _child.Forward(message);
    }

    private sealed class Fragile(Counter counter) : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("Thrown to be restarted.");

        protected override void PostRestart(Exception reason)
        {
            base.PostRestart(reason);
            counter.One();
        }
    }

    private sealed class Counter(int missing, TaskCompletionSource done)
    {
        private int _missing = missing;

        public void One()
        {
            if (--_missing == 0)
            {
                done.SetResult();
            }
        }
    }
}
