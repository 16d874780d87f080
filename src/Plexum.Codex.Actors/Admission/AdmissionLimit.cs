namespace Plexum.Codex.Admission;

/// <summary>How many codex processes a machine can run at once.</summary>
public static class AdmissionLimit
{
    private const long BytesEach = 160L * 1024 * 1024;
    private const int TurnsPerProcessor = 16;

    /// <summary>
    /// The default limit: as many as fit into half of the memory at 160 MB each (150 MB at the peak, measured on 0.169.0), but at most 16
    /// per processor, since a codex works for 0.3 seconds and otherwise waits for the model; at least 2.
    /// </summary>
    /// <param name="memoryBytes">The memory available to the program, within its container's limit.</param>
    /// <param name="processors">The processors available to it.</param>
    public static int Default(long memoryBytes, int processors)
    {
        var byMemory = memoryBytes / 2 / BytesEach;
        return (int)Math.Clamp(Math.Min(byMemory, (long)processors * TurnsPerProcessor), 2, int.MaxValue);
    }

    /// <summary>The limit of this machine.</summary>
    public static int OfMachine() => Default(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount);
}
