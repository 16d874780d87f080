using System.Diagnostics;
using System.Globalization;

namespace Plexum.ActorKernel.Bench;

/// <summary>How much of the machine's processors others used while this process measured: throughput can be compared only where that is little.</summary>
internal sealed class MachineLoad
{
    private const string Statistics = "/proc/stat";
    private const double TicksPerSecond = 100;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly double? _busy = BusySeconds();
    private readonly TimeSpan _own = Environment.CpuUsage.TotalTime;

    private MachineLoad()
    {
    }

    public static MachineLoad Start() => new();

    /// <summary>The share of all processors, 0 to 1, that went neither to this process nor idle; null where the system does not tell.</summary>
    public double? OfOthers()
    {
        var own = (Environment.CpuUsage.TotalTime - _own).TotalSeconds;
        var capacity = Stopwatch.GetElapsedTime(_started).TotalSeconds * Environment.ProcessorCount;
        return _busy is { } before && BusySeconds() is { } after ? Math.Clamp((after - before - own) / capacity, 0, 1) : null;
    }

    // First line of /proc/stat: cpu user nice system idle iowait irq softirq steal …, in ticks.
    private static double? BusySeconds()
    {
        if (!File.Exists(Statistics))
        {
            return null;
        }

        var ticks = File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}
