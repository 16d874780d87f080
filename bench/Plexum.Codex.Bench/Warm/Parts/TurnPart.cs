using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>One turn after the other in one thread of each driver, the drivers in turn.</summary>
internal static class TurnPart
{
    private const string Agent = "alone";

    // What is done after the end was told belongs to the turn.
    private static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(WarmStage stage, IReadOnlyList<IDriver> drivers)
    {
        var rounds = stage.Options.Number(40, 3);
        var samples = drivers.ToDictionary(driver => driver, _ => new List<(TurnTimes Times, double Processor)>());
        foreach (var driver in drivers)
        {
            await WarmUp.RunAsync(stage, driver, [Agent]);
        }

        for (var round = 0; round < rounds; round++)
        {
            // Each begins a round as often as the others.
            foreach (var driver in drivers.Skip(round % drivers.Count).Concat(drivers.Take(round % drivers.Count)))
            {
                var meter = new Meter(driver);
                var before = meter.ProcessorTime();
                var times = await driver.RunAsync(Agent, PacedModel.Prompt);
                await Task.Delay(Aftermath);
                samples[driver].Add((times, meter.ProcessorTime() - before));
            }
        }

        Figures.Head($"a turn ({rounds} of each, in turn)", "wall time, median", "95 %", "least", "processor time, mean");
        foreach (var driver in drivers)
        {
            var walls = samples[driver].Select(sample => sample.Times.Wall).ToArray();
            Figures.Row(
                driver.Title,
                $"**{Figures.Milliseconds(walls.Median())}**",
                Figures.Milliseconds(walls.Percentile(0.95)),
                Figures.Milliseconds(walls.Min()),
                Figures.Milliseconds(samples[driver].Average(sample => sample.Processor))
            );
        }
    }
}
