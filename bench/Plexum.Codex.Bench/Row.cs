using System.Diagnostics;
using System.Globalization;

namespace Plexum.Codex.Bench;

/// <summary>One measurement: a workload that says how much it did, run a few times on one thread.</summary>
internal sealed record Row(string Name, string Title, string Unit, double UnitsPerStep, Func<long> Run)
{
    public static IReadOnlyList<Row> All { get; } = [.. StreamRows.All];

    /// <summary>Runs it once to warm up and then for the record.</summary>
    /// <returns>A line of a Markdown table.</returns>
    public string Measure(int rounds)
    {
        Run();
        var rates = new double[rounds];
        var allocated = 0.0;
        for (var i = 0; i < rounds; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var cpu = ProcessorTime();
            var steps = Run();
            rates[i] = steps / (ProcessorTime() - cpu).TotalSeconds;
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)steps;
        }

        Array.Sort(rates);
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Title} | **{Show(rates[rounds / 2])}** | {Show(rates[0])} | {Show(rates[^1])} | {allocated:0.##} B/event | {process.PeakWorkingSet64 / 1048576.0:0.0} MiB |");
    }

    /// <summary>Processor time of all threads, the collector's among them: what one core does in a second, also on a busy machine.</summary>
    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private string Show(double stepsPerSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{stepsPerSecond / 1e6:0.00} M events/s, {stepsPerSecond * UnitsPerStep / 1e6:0} {Unit}");
}
