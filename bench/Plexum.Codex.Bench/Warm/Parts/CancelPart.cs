using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>
/// From the word to cancel to the end of the turn, and to the end of its command and of what that left in the background: while codex waits
/// for the command, and after it has left it running.
/// </summary>
internal static class CancelPart
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public static async Task RunAsync(WarmStage stage, IReadOnlyList<IDriver> drivers)
    {
        foreach (var (how, prompt) in new[] { ("during a command", "!run "), ("while a command was left running", PacedModel.Leave) })
        {
            var rounds = stage.Options.Number(6, 2);
            Figures.Head($"cancelled {how} ({rounds} of each)", "turn ended, median", "all gone, median", "longest", "left running");
            foreach (var driver in drivers)
            {
                await MeasureAsync(stage, driver, prompt, rounds);
            }
        }
    }

    private static async Task MeasureAsync(WarmStage stage, IDriver driver, string prompt, int rounds)
    {
        var (told, gone, left) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            var sample = await CancelAsync(stage, driver, prompt);
            told.Add(sample.Told);
            gone.Add(sample.Gone);
            left += sample.Left;
        }

        var isClean = left == 0;
        Figures.Row(
            driver.Title,
            Figures.Milliseconds(told.Median()),
            isClean ? $"**{Figures.Milliseconds(gone.Median())}**" : "–",
            isClean ? Figures.Milliseconds(gone.Max()) : "–",
            isClean ? "none" : $"{left} of {2 * rounds} processes after {Patience.TotalSeconds} s"
        );
    }

    private static async Task<(double Told, double Gone, int Left)> CancelAsync(WarmStage stage, IDriver driver, string prompt)
    {
        var agent = $"cancel-{Guid.NewGuid():N}";
        var note = Path.Combine(stage.PlaceOf("cancel"), agent);
        var command = $"echo $$ > {note}; sleep 3600 & echo $! >> {note}; mv {note} {note}.made; sleep 3600";
        var turn = driver.RunAsync(agent, prompt + command);
        await Limits.UntilAsync(() => turn.IsCompleted || File.Exists($"{note}.made"));
        int[] commands = [.. (await File.ReadAllLinesAsync($"{note}.made")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        if (prompt == PacedModel.Leave)
        {
            await Task.Delay(PacedModel.LeftAfter * 3);
        }

        var clock = Stopwatch.StartNew();
        await driver.CancelAsync(agent);
        await turn;
        var told = clock.Elapsed.TotalMilliseconds;
        while (commands.Any(ProcessProbe.IsRunning) && clock.Elapsed < Patience)
        {
            await Task.Delay(Look);
        }

        var gone = clock.Elapsed.TotalMilliseconds;
        var left = 0;
        foreach (var process in commands.Where(ProcessProbe.IsRunning))
        {
            left++;
            ProcessProbe.Signal(process, ProcessSignal.Kill);
        }

        return (told, gone, left);
    }
}
