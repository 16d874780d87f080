using System.Diagnostics;
using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>Asks an echo actor, each question with a time limit and after the answer to the one before. The waiter goes on inside the pool, so latencies are best case.</summary>
internal static class AskInSequence
{
    private const int Rounds = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Meter meter)
    {
        using var system = BenchSystem.Create();
        var echo = system.ActorOf(Props.Create<Echo>());
        var question = new object();
        var latencies = new long[meter.Size];
        await meter.RoundsAsync(Rounds, "ask", async () =>
        {
            for (var i = 0; i < latencies.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await echo.Ask<object>(question, s_patience);
                latencies[i] = Stopwatch.GetTimestamp() - start;
            }
        });
        Array.Sort(latencies);
        meter.Report("p50", Microseconds(latencies, 0.5), "µs");
        meter.Report("p99", Microseconds(latencies, 0.99), "µs");
        meter.Report("p99.9", Microseconds(latencies, 0.999), "µs");
        await system.Terminate();
    }

    private static double Microseconds(long[] sorted, double share) =>
        Stopwatch.GetElapsedTime(0, sorted[(int)(share * (sorted.Length - 1))]).TotalMicroseconds;
}
