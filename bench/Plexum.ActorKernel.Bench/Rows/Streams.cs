using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Plexum.ActorKernel.Bench.Rows;

/// <summary>Numbers through a small stream, materialized once per round.</summary>
internal static class Streams
{
    private const int Rounds = 4;

    public static Task FusedAsync(Meter meter) => RunAsync(meter, source => source.Select(Next));

    public static Task WithBoundaryAsync(Meter meter) => RunAsync(meter, source => source.Select(Next).Async().Select(Next));

    public static Task SelectAsyncAsync(Meter meter) =>
        RunAsync(meter, source => source.SelectAsync(4, number => Task.FromResult(number + 1)));

    private static async Task RunAsync(Meter meter, Func<Source<int, NotUsed>, Source<int, NotUsed>> build)
    {
        using var system = BenchSystem.Create();
        using var materializer = system.Materializer();
        await meter.RoundsAsync(Rounds, "elem", async () =>
        {
            var source = build(Source.From(Enumerable.Range(0, meter.Size)));
            await source.RunAggregate(0L, static (sum, number) => sum + number, materializer);
        });
        await system.Terminate();
    }

    private static int Next(int number) => number + 1;
}
