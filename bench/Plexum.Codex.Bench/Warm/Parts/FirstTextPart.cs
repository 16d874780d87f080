using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>When the first text of an answer is there that the model takes a second to write.</summary>
internal static class FirstTextPart
{
    private const string Agent = "first";
    private const string Prompt = $"{PacedModel.Pace} 100 10";

    public static async Task RunAsync(WarmStage stage, IReadOnlyList<IDriver> drivers)
    {
        var rounds = stage.Options.Number(6, 2);
        var samples = drivers.ToDictionary(driver => driver, _ => new List<TurnTimes>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var driver in drivers)
            {
                var times = await driver.RunAsync(Agent, Prompt);
                if (round >= 0)
                {
                    samples[driver].Add(times);
                }
            }
        }

        Figures.Head($"an answer of 100 pieces, one every 10 ms ({rounds} of each, in turn)", "first text, median", "end, median");
        foreach (var driver in drivers)
        {
            Figures.Row(
                driver.Title,
                $"**{Figures.Milliseconds(samples[driver].Select(times => times.First).Median())}**",
                Figures.Milliseconds(samples[driver].Select(times => times.Wall).Median())
            );
        }
    }
}
