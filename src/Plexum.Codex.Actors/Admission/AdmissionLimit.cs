namespace Plexum.Codex.Admission;

/// <summary>How many codex a machine carries at once.</summary>
public static class AdmissionLimit
{
    private const long BytesEach = 160L * 1024 * 1024;
    private const int TurnsPerProcessor = 16;

    /// <summary>
    /// The limit where none is set: half of the memory at 160 MB for each codex (150 MB at its peak, measured on 0.169.0), and 16
    /// for each processor, since a codex works for 0.3 seconds and otherwise waits for the model; at least 2.
    /// </summary>
    /// <param name="memoryBytes">The memory that the program may use, its container's limit included.</param>
    /// <param name="processors">The processors that it may use.</param>
    public static int Default(long memoryBytes, int processors)
    {
        var byMemory = memoryBytes / 2 / BytesEach;
        return (int)Math.Clamp(Math.Min(byMemory, (long)processors * TurnsPerProcessor), 2, int.MaxValue);
    }

    /// <summary>The limit of this machine.</summary>
    public static int OfMachine() => Default(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount);
}
