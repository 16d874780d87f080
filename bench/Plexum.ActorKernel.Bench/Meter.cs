using System.Diagnostics;
using Plexum.ActorKernel.Bench.Results;

namespace Plexum.ActorKernel.Bench;

/// <summary>What a row measures with: its size, its rounds, and where its figures go.</summary>
internal sealed class Meter(int size)
{
    private readonly List<Figure> _figures = [];

    public int Size { get; } = size;

    public IReadOnlyList<Figure> Figures => _figures;

    public void Report(string name, double value, string unit) => _figures.Add(new Figure(name, value, unit));

    /// <summary>
    /// Runs <paramref name="round"/> several times: the first tells what a fresh process does, compilation included, the
    /// last what a warm one does. Reports both, and what the last one allocated.
    /// </summary>
    public async Task RoundsAsync(int rounds, string what, Func<Task> round)
    {
        var (first, last) = (default(TimeSpan), default(TimeSpan));
        var allocated = 0L;
        for (var i = 0; i < rounds; i++)
        {
            Settle();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            await round();
            last = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            first = i == 0 ? last : first;
        }

        Report("first round", Size / first.TotalSeconds, what + "/s");
        Report("warm", Size / last.TotalSeconds, what + "/s");
        Report("allocation", allocated / (double)Size, "B/" + what);
    }

    /// <summary>Collects what earlier rounds left, so that it is not collected during the next one.</summary>
    public static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
