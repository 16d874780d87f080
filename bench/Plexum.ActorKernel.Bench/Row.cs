using Plexum.ActorKernel.Bench.Rows;

namespace Plexum.ActorKernel.Bench;

/// <summary>One measurement, run in processes of its own.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Size">How many messages, asks, actors or elements a round has.</param>
/// <param name="SmokeSize">The same for <c>--smoke</c>.</param>
/// <param name="Run">Measures and reports its figures to the meter.</param>
internal sealed record Row(string Name, string Title, int Size, int SmokeSize, Func<Meter, Task> Run)
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("ping-pong", "ping-pong, 1 pair", 10_000_000, 20_000, meter => PingPong.RunAsync(meter, pairs: 1)),
        new("ping-pong-4", "ping-pong, 4 pairs", 10_000_000, 20_000, meter => PingPong.RunAsync(meter, pairs: 4)),
        new("flood", "one sender floods one actor", 10_000_000, 20_000, Flood.RunAsync),
        new("ask", "Ask, one after another", 500_000, 2_000, AskInSequence.RunAsync),
        new("spawn-untyped", "idle UntypedActor under one parent", 100_000, 1_000, Spawn.UntypedAsync),
        new("spawn-named", "idle UntypedActor with a given name", 100_000, 1_000, Spawn.NamedAsync),
        new("spawn-receive", "idle ReceiveActor, one ReceiveAny", 100_000, 1_000, Spawn.ReceiveAsync),
        new("restart", "throw and supervised restart", 20_000, 200, Restart.RunAsync),
        new("stream", "stream From, Select, Aggregate", 1_000_000, 5_000, Streams.FusedAsync),
        new("stream-async", "stream From, Select, async boundary, Select, Aggregate", 1_000_000, 5_000, Streams.WithBoundaryAsync),
        new("stream-select-async", "stream From, SelectAsync(4) on completed tasks, Aggregate", 1_000_000, 5_000, Streams.SelectAsyncAsync),
        new("system-start", "system start to first reply, cold process", 1, 1, SystemStart.RunAsync),
        new("host-start", "generic host, AddAkka and registry to first reply, cold process", 1, 1, HostStart.RunAsync),
    ];

    public static Row Named(string name) => All.FirstOrDefault(row => row.Name == name)
        ?? throw new BenchException($"There is no row '{name}'. Rows: {string.Join(", ", All.Select(row => row.Name))}.");
}
