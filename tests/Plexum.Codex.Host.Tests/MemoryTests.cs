namespace Plexum.Codex.Host;

/// <summary>Tests that look at the memory of the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests
{
    /// <summary>The name that such tests give as their collection.</summary>
    public const string Name = "memory";

    /// <summary>The memory in use once nothing more is given back: what has ended a moment ago is still held here and there.</summary>
    public static async Task<long> InUseAsync()
    {
        var (least, same) = (long.MaxValue, 0);
        await Limits.UntilAsync(() =>
        {
            var now = GC.GetTotalMemory(forceFullCollection: true);
            (least, same) = now < least - 65536 ? (now, 0) : (Math.Min(least, now), same + 1);
            return same == 10;
        });
        return least;
    }
}
