using Plexum.Codex.Bench.Warm.Drivers;
using Plexum.Codex.Bench.Warm.Stage;

namespace Plexum.Codex.Bench.Warm.Parts;

/// <summary>What a driver's processes use.</summary>
/// <param name="driver">The driver.</param>
internal sealed class Meter(IDriver driver)
{
    private readonly ProcessTree _tree = new(() => driver.Roots);

    /// <summary>
    /// The processor time so far of all its processes, in milliseconds; that of the benchmark, its client, is in it, and that of the
    /// benchmark's ended children.
    /// </summary>
    public double ProcessorTime() =>
        _tree.ProcessorTime()
        + ProcessTree.ProcessorTimeOf(Environment.ProcessId, isOnlyChildren: true)
        + Environment.CpuUsage.TotalTime.TotalMilliseconds;

    /// <summary>The memory of all its processes without the benchmark, in bytes.</summary>
    public long Memory() => _tree.Memory();

    /// <summary>The most memory while a task runs, looked at every half second and at the task's end.</summary>
    public async Task<long> PeakAsync(Task task)
    {
        var peak = 0L;
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(0.5)));
            peak = Math.Max(peak, Memory());
        }

        await task;
        return peak;
    }
}
