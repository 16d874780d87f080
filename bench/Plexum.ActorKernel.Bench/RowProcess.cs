using System.Diagnostics;
using System.Text.Json;
using Plexum.ActorKernel.Bench.Results;

namespace Plexum.ActorKernel.Bench;

/// <summary>The inner process: measures one row once and prints its figures as one line of JSON.</summary>
internal static class RowProcess
{
    public static async Task<int> RunAsync(Row row, Options options)
    {
        var meter = new Meter(options.Smoke ? row.SmokeSize : row.Size);
        var load = MachineLoad.Start();
        await row.Run(meter);
        var others = load.OfOthers();
        using var self = Process.GetCurrentProcess();
        meter.Report("peak memory", self.PeakWorkingSet64 / (1024.0 * 1024.0), "MiB");
        Console.WriteLine(JsonSerializer.Serialize(new RowOutput(meter.Figures, others)));
        return 0;
    }
}
