using System.Diagnostics;
using System.Globalization;

namespace Plexum.Codex.Bench;

/// <summary>
/// One measurement: a workload that says how many steps it took, run once to warm up and then a few times for the record.
/// </summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What it is called in the table.</param>
/// <param name="BytesPerStep">The size of a step for the rate in bytes; 0 where a step is a whole process and its time counts.</param>
/// <param name="Run">The workload.</param>
internal sealed record Row(string Name, string Title, double BytesPerStep, Func<long> Run)
{
    public static IReadOnlyList<Row> All { get; } =
    [.. StreamRows.All, .. ProcessRows.All, .. RolloutRows.All, .. LedgerRows.All, .. ConsumeRows.All];

    /// <summary>Measures it.</summary>
    /// <returns>A line of a Markdown table.</returns>
    public string Measure(int rounds)
    {
        Run();
        var perStep = new List<double>();
        var processor = new List<double>();
        var allocated = 0.0;
        for (var i = 0; i < rounds; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var memory = GC.GetTotalAllocatedBytes(precise: true);
            var cpu = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            var steps = Run();
            perStep.Add(clock.Elapsed.TotalSeconds / steps);
            processor.Add((Environment.CpuUsage.TotalTime - cpu).TotalSeconds / steps);
            allocated = (GC.GetTotalAllocatedBytes(precise: true) - memory) / (double)steps;
        }

        perStep.Sort();
        processor.Sort();
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Title} | **{Show(perStep[rounds / 2])}** | {Show(perStep[^1])} – {Show(perStep[0])} "
                + $"| {Show(processor[rounds / 2])} | {allocated:0.##} B | {process.PeakWorkingSet64 / 1048576.0:0} MiB |"
        );
    }

    /// <summary>A rate for what is small and many, a time for what is large.</summary>
    private string Show(double secondsPerStep) =>
        BytesPerStep > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{1e-6 / secondsPerStep:0.00} M/s, {BytesPerStep * 1e-6 / secondsPerStep:0} MB/s"
            )
            : string.Create(CultureInfo.InvariantCulture, $"{secondsPerStep * 1000:0.00} ms");
}
