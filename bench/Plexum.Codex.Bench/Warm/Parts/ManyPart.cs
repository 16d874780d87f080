using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>Many agents at once, each of which has its next turn as soon as the last has ended; one driver after the other.</summary>
internal static class ManyPart
{
    public static async Task RunAsync(WarmStage stage, IReadOnlyList<Func<IDriver>> drivers)
    {
        int[] sizes = stage.Options.IsSmall ? [1, 2] : [1, 4, 16, 64];
        Figures.Head(["turns per second, most memory", .. sizes.Select(size => $"{size} agents")]);
        foreach (var open in drivers)
        {
            await using var driver = open();
            await driver.StartAsync();
            await WarmUp.RunAsync(stage, driver, [.. Enumerable.Range(0, 4).Select(AgentOf)]);
            var cells = new List<string>();
            foreach (var size in sizes)
            {
                cells.Add(await MeasureAsync(stage, driver, size));
            }

            Figures.Row([driver.Title, .. cells]);
        }
    }

    private static string AgentOf(int number) => string.Create(CultureInfo.InvariantCulture, $"many-{number}");

    private static async Task<string> MeasureAsync(WarmStage stage, IDriver driver, int size)
    {
        string[] agents = [.. Enumerable.Range(0, size).Select(AgentOf)];
        if (driver.IsWarm)
        {
            // Their threads are loaded before.
            await Task.WhenAll(agents.Select(agent => driver.RunAsync(agent, PacedModel.Prompt)));
        }

        var length = stage.Options.Seconds(4, 1);
        var clock = Stopwatch.StartNew();
        var turns = Task.WhenAll(agents.Select(TakeTurnsAsync));
        var peak = await new Meter(driver).PeakAsync(turns);
        return $"{Figures.Plain((await turns).Sum() / clock.Elapsed.TotalSeconds, "0.0")}, {Figures.Mebibytes(peak)}";

        async Task<int> TakeTurnsAsync(string agent)
        {
            var count = 0;
            do
            {
                await driver.RunAsync(agent, PacedModel.Prompt);
                count++;
            } while (clock.Elapsed < length);

            return count;
        }
    }
}
