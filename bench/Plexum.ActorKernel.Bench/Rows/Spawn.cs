using System.Diagnostics;
using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>One parent creates many children that do nothing; what they cost in time and memory, and how long stopping them takes.</summary>
internal static class Spawn
{
    private const int Rounds = 3;

    public static Task UntypedAsync(Meter meter) => RunAsync(meter, Props.Create(() => new IdleUntyped()), named: false);

    public static Task NamedAsync(Meter meter) => RunAsync(meter, Props.Create(() => new IdleUntyped()), named: true);

    public static Task ReceiveAsync(Meter meter) => RunAsync(meter, Props.Create(() => new IdleReceive()), named: false);

    private static async Task RunAsync(Meter meter, Props child, bool named)
    {
        using var system = BenchSystem.Create();
        for (var round = 1; round <= Rounds; round++)
        {
            var (running, stopped) = (BenchSystem.Signal(), BenchSystem.Signal());
            var parent = system.ActorOf(Props.Create(() => new Parent(child, named, running, stopped)));
            await running.Task;
            var (heap, resident) = (Heap(), Resident());

            var start = Stopwatch.GetTimestamp();
            Started.Expect(meter.Size);
            parent.Tell(meter.Size);
            await Started.All;
            var spawn = Stopwatch.GetElapsedTime(start);

            if (round == 1)
            {
                meter.Report("first round", meter.Size / spawn.TotalSeconds, "actors/s");
                meter.Report("heap each", (Heap() - heap) / (double)meter.Size, "B");
                meter.Report("resident each", (Resident() - resident) / (double)meter.Size, "B");
            }

            start = Stopwatch.GetTimestamp();
            system.Stop(parent);
            await stopped.Task;
            var stop = Stopwatch.GetElapsedTime(start);
            if (round == 1)
            {
                meter.Report("stop all, first", stop.TotalMilliseconds, "ms");
            }

            if (round == Rounds)
            {
                meter.Report("warm", meter.Size / spawn.TotalSeconds, "actors/s");
                meter.Report("stop all, warm", stop.TotalMilliseconds, "ms");
            }
        }

        await system.Terminate();
    }

    private static long Heap()
    {
        Meter.Settle();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private sealed class Parent(Props child, bool named, TaskCompletionSource running, TaskCompletionSource stopped) : UntypedActor
    {
        protected override void PreStart() => running.SetResult();

        protected override void OnReceive(object message)
        {
            for (var i = 0; i < (int)message; i++)
            {
                Context.ActorOf(child, named ? $"workspace-{i}" : null);
            }
        }

        // Runs after the last child has stopped.
        protected override void PostStop() => stopped.SetResult();
    }

    private sealed class IdleUntyped : UntypedActor
    {
        protected override void PreStart() => Started.One();

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class IdleReceive : ReceiveActor
    {
        public IdleReceive() => ReceiveAny(static _ => { });

        protected override void PreStart() => Started.One();
    }

    /// <summary>Counts starts outside the actors, so that the counting is no part of what an actor weighs.</summary>
    private static class Started
    {
        private static TaskCompletionSource s_all = BenchSystem.Signal();
        private static int s_missing;

        public static Task All => s_all.Task;

        public static void Expect(int count)
        {
            s_all = BenchSystem.Signal();
            Volatile.Write(ref s_missing, count);
        }

        public static void One()
        {
            if (Interlocked.Decrement(ref s_missing) == 0)
            {
                s_all.SetResult();
            }
        }
    }
}
