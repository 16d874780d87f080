using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>1,000 turns over 200 agents, round and round, so that each turn's thread was unloaded before: the worst case of the limit.</summary>
internal static class MemoryPart
{
    private const int AtOnce = 8;

    public static async Task RunAsync(WarmStage stage)
    {
        var agents = stage.Options.Number(200, 10);
        var laps = stage.Options.Number(5, 2);
        var limit = stage.Options.Number(64, 4);
        await using var driver = new DaemonDriver(stage, "app-server", $"codex.app-server.max-threads={limit}");
        await driver.StartAsync();
        Figures.Head($"{agents} agents, at most {limit} threads loaded, {AtOnce} turns at once", "turns per second", "codex's server", "the daemon");
        for (var lap = 1; lap <= laps; lap++)
        {
            var clock = Stopwatch.StartNew();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, agents),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (number, _) => await driver.RunAsync(string.Create(CultureInfo.InvariantCulture, $"memory-{number}"), PacedModel.Prompt)
            );
            var rate = agents / clock.Elapsed.TotalSeconds;
            Figures.Row(
                $"after {lap * agents} turns",
                Figures.Plain(rate, "0.0"),
                Figures.Mebibytes(driver.Servers.Sum(ProcessTree.MemoryOf)),
                Figures.Mebibytes(ProcessTree.MemoryOf(driver.Daemon.Id))
            );
        }
    }
}
