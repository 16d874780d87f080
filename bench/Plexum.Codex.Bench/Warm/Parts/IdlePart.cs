using System.Globalization;
using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>What threads cost that are loaded and have nothing to do.</summary>
internal static class IdlePart
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(WarmStage stage)
    {
        var watched = stage.Options.Seconds(20, 2);
        var threads = stage.Options.Number(64, 4);
        await using var driver = new DaemonDriver(stage, "app-server");
        await driver.StartAsync();
        Figures.Head($"idle for {watched.TotalSeconds:0} s", "processor time", "memory");
        await MeasureAsync("the daemon, nothing loaded", [driver.Daemon.Id]);
        await Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(number => driver.RunAsync(string.Create(CultureInfo.InvariantCulture, $"idle-{number}"), PacedModel.Prompt))
        );
        await MeasureAsync($"the daemon, {threads} threads loaded", [driver.Daemon.Id], ("codex's server with them", driver.Servers));

        async Task MeasureAsync(string title, IReadOnlyList<int> processes, params (string Title, IReadOnlyList<int> Processes)[] more)
        {
            (string Title, IReadOnlyList<int> Processes)[] all = [(title, processes), .. more];
            await Task.Delay(Settling);
            var before = all.Select(row => Used(row.Processes)).ToArray();
            await Task.Delay(watched);
            var after = all.Select(row => Used(row.Processes)).ToArray();
            for (var row = 0; row < all.Length; row++)
            {
                Figures.Row(
                    all[row].Title,
                    Figures.Milliseconds(after[row] - before[row]),
                    Figures.Mebibytes(all[row].Processes.Sum(ProcessTree.MemoryOf))
                );
            }
        }
    }

    private static double Used(IReadOnlyList<int> processes) => processes.Sum(process => ProcessTree.ProcessorTimeOf(process));
}
