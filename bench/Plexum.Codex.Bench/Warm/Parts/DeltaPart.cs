using System.Diagnostics;
using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>An answer of many small pieces for a slow reader: what the window of <c>codex.app-server.delta-window</c> spares.</summary>
internal static class DeltaPart
{
    private const string Agent = "deltas";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task RunAsync(WarmStage stage)
    {
        var pieces = stage.Options.Number(4000, 300);
        Figures.Head(
            $"{pieces} pieces of 4 characters, 2 ms apart, for a reader of 40 KB/s",
            "events",
            "bytes read",
            "reader done after the turn's end",
            "log, largest",
            "log, at the end",
            "daemon's processor time"
        );
        foreach (var window in new[] { "off", "100ms" })
        {
            await using var driver = new DaemonDriver(stage, "app-server", $"codex.app-server.delta-window={window}");
            await driver.StartAsync();
            await driver.RunAsync(Agent, $"{PacedModel.Pace} 10 1");
            Figures.Row([$"window `{window}`", .. await MeasureAsync(driver, pieces)]);
        }
    }

    private static async Task<IEnumerable<string>> MeasureAsync(DaemonDriver driver, int pieces)
    {
        var before = ProcessTree.ProcessorTimeOf(driver.Daemon.Id);
        var turn = await driver.Daemon.Api.SubmitAsync($"{PacedModel.Pace} {pieces} 2", Agent);
        var slow = ReadSlowlyAsync(driver.Daemon.Api, turn);
        var (largest, isOver) = (0L, driver.Daemon.Api.EventsAsync(turn));
        while (!isOver.IsCompleted)
        {
            await Task.WhenAny(isOver, Task.Delay(Pause));
            largest = Math.Max(largest, LogOf(driver, turn));
        }

        var ended = Stopwatch.GetTimestamp();
        var (bytes, events) = await slow;
        var late = Stopwatch.GetElapsedTime(ended);
        return
        [
            Figures.Plain(events),
            $"{Figures.Plain(bytes / 1024.0, "0")} KiB",
            Figures.Milliseconds(Math.Round(late.TotalMilliseconds)),
            $"{Figures.Plain(largest / 1024.0, "0")} KiB",
            $"{Figures.Plain(LogOf(driver, turn) / 1024.0, "0")} KiB",
            Figures.Milliseconds(ProcessTree.ProcessorTimeOf(driver.Daemon.Id) - before),
        ];
    }

    private static async Task<(long Bytes, int Events)> ReadSlowlyAsync(DaemonApi api, string turn)
    {
        using var response = await api.OpenAsync($"/v1/turns/{turn}/events");
        await using var stream = await response.Content.ReadAsStreamAsync();
        var (buffer, bytes, events) = (new byte[1024], 0L, 0);
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            bytes += count;
            events += buffer.AsSpan(0, count).Count("event: "u8);
            await Task.Delay(Pause);
        }

        return (bytes, events);
    }

    private static long LogOf(DaemonDriver driver, string turn) =>
        Directory
            .EnumerateDirectories(driver.Daemon.Profile, turn, SearchOption.AllDirectories)
            .Select(folder => new FileInfo(Path.Combine(folder, "events.jsonl")))
            .Where(file => file.Exists)
            .Sum(file => file.Length);
}
