using System.Globalization;

namespace Plexum.Codex.Bench.Warm.Stage;

/// <summary>Some processes and all that descends from them.</summary>
/// <param name="roots">The processes at its top, as they are at the moment.</param>
internal sealed class ProcessTree(Func<IEnumerable<int>> roots)
{
    private const double MillisecondsOfTick = 10;

    /// <summary>All of its processes.</summary>
    public HashSet<int> Processes()
    {
        var children = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(id => FieldsOf(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : -1);
        var found = new HashSet<int>();
        var rest = new Stack<int>(roots());
        while (rest.TryPop(out var process))
        {
            if (found.Add(process))
            {
                foreach (var child in children[process])
                {
                    rest.Push(child);
                }
            }
        }

        return found;
    }

    /// <summary>What they and their ended children have used so far, in milliseconds; the kernel counts in steps of ten.</summary>
    public double ProcessorTime() => Processes().Sum(process => ProcessorTimeOf(process));

    /// <summary>Their memory in bytes, what several share counted once: the sum of their proportional set sizes.</summary>
    public long Memory() => Processes().Sum(MemoryOf);

    /// <summary>What a process and its ended children have used so far, in milliseconds.</summary>
    /// <param name="process">The process.</param>
    /// <param name="isOnlyChildren">Whether its own time is left out.</param>
    public static double ProcessorTimeOf(int process, bool isOnlyChildren = false)
    {
        var fields = FieldsOf(process);
        return fields is null
            ? 0
            : MillisecondsOfTick * fields[(isOnlyChildren ? 13 : 11)..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    /// <summary>The proportional set size of a process in bytes; 0 if it has ended.</summary>
    public static long MemoryOf(int process)
    {
        try
        {
            var line = File.ReadLines(PathOf(process, "smaps_rollup")).First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }

    // From the third field on, the state.
    private static string[]? FieldsOf(int process)
    {
        try
        {
            return File.ReadAllText(PathOf(process, "stat")).Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string PathOf(int process, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}");
}
