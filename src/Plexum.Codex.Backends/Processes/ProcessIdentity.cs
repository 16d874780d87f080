using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes;

/// <summary>
/// Identifies a process even after its pid has been reused: by the pid, its start time, and the boot in which that is
/// counted.
/// </summary>
/// <param name="Pid">Its pid.</param>
/// <param name="StartedAt">Its start, in clock ticks since boot.</param>
/// <param name="BootId">The id of the boot.</param>
public sealed record ProcessIdentity(int Pid, long StartedAt, string BootId)
{
    // Linux reports times to programs in these ticks on every machine, whatever it uses internally.
    private const int TicksASecond = 100;

    private static readonly Lazy<string> CurrentBoot = new(ReadBootId);

    /// <summary>The kernel's id of the current boot; empty if unavailable.</summary>
    public static string CurrentBootId => CurrentBoot.Value;

    /// <summary>The process that has this pid now; null if there is none.</summary>
    public static ProcessIdentity? Read(int pid) =>
        ProcessEntry.Read(pid) is { } entry ? new ProcessIdentity(pid, entry.StartedAt, CurrentBootId) : null;

    /// <summary>Whether this very process is still running and not a zombie.</summary>
    public bool IsRunning => BootId == CurrentBootId && ProcessEntry.Read(Pid) is { IsZombie: false } entry && entry.StartedAt == StartedAt;

    /// <summary>How long ago it started, by a monotonic clock; null if it is not running or that is unknown.</summary>
    public TimeSpan? Age
    {
        get
        {
            Span<byte> text = stackalloc byte[64];
            var length = ProcFile.Read("/proc/uptime", text);
            return IsRunning && Utf8Parser.TryParse(text[..length], out double uptime, out _)
                ? TimeSpan.FromSeconds(Math.Max(0, uptime - ((double)StartedAt / TicksASecond)))
                : null;
        }
    }

    /// <summary>The present moment in the ticks of <see cref="StartedAt"/>; 0 if it is unknown, before which nothing started.</summary>
    public static long NowInTicks
    {
        get
        {
            Span<byte> text = stackalloc byte[64];
            var length = ProcFile.Read("/proc/uptime", text);
            return Utf8Parser.TryParse(text[..length], out double uptime, out _) ? (long)(uptime * TicksASecond) : 0;
        }
    }

    /// <summary>As part of a message: <c>process 4711</c>.</summary>
    public override string ToString() => $"process {Pid.ToString(CultureInfo.InvariantCulture)}";

    private static string ReadBootId()
    {
        Span<byte> text = stackalloc byte[64];
        var length = ProcFile.Read("/proc/sys/kernel/random/boot_id", text);
        return Encoding.ASCII.GetString(text[..length]).Trim();
    }
}
