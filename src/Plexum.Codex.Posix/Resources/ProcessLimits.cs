using System.Globalization;

namespace Plexum.Codex.Posix.Resources;

/// <summary>The limits of a process that <c>/proc/PID/limits</c> lists: proc_pid_limits(5).</summary>
/// <param name="OpenFiles">How many descriptors it may have open; <see cref="long.MaxValue"/> if there is no limit.</param>
/// <param name="Processes">How many processes and threads its user may have, unless it is root; as above.</param>
public sealed record ProcessLimits(long OpenFiles, long Processes)
{
    private const string FilesRow = "Max open files";
    private const string ProcessesRow = "Max processes";

    /// <summary>The limits of this process.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static ProcessLimits OfThis() => OfProcess("self");

    /// <summary>The limits of a process of this user.</summary>
    /// <exception cref="IOException">They cannot be read, for example because it has ended.</exception>
    public static ProcessLimits OfProcess(int pid) => OfProcess(pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads such a list. What it does not have counts as unlimited.</summary>
    public static ProcessLimits Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        return new ProcessLimits(SoftLimit(lines, FilesRow), SoftLimit(lines, ProcessesRow));
    }

    private static ProcessLimits OfProcess(string pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/limits"));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The limits of process {pid} cannot be read: {e.Message}", e);
        }
    }

    // The name, the soft limit, the hard limit and the unit, in columns.
    private static long SoftLimit(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal)) ?? name;
        var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
    }
}
