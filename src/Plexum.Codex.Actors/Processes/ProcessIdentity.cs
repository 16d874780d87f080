using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.Processes;

/// <summary>
/// A process that cannot be mistaken for a later one with the same number: its number, when it started, and the machine's start
/// since which that is counted.
/// </summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartedAt">Its start in clock ticks since the machine's.</param>
/// <param name="BootId">The machine's start.</param>
public sealed record ProcessIdentity(int Pid, long StartedAt, string BootId)
{
    // What Linux tells programs is in these ticks on every machine, whatever it uses itself.
    private const int TicksASecond = 100;

    private static readonly Lazy<string> CurrentBoot = new(ReadBootId);

    /// <summary>The start of this machine, as the kernel names it; empty where it does not.</summary>
    public static string CurrentBootId => CurrentBoot.Value;

    /// <summary>The process that has this number now; null when there is none.</summary>
    public static ProcessIdentity? Read(int pid) =>
        ProcessEntry.Read(pid) is { } entry ? new ProcessIdentity(pid, entry.StartedAt, CurrentBootId) : null;

    /// <summary>Whether this very process is still there, and is not a zombie.</summary>
    public bool IsRunning =>
        BootId == CurrentBootId && ProcessEntry.Read(Pid) is { IsZombie: false } entry && entry.StartedAt == StartedAt;

    /// <summary>How long ago it started, by a clock that nobody sets; null when it is not running or that cannot be told.</summary>
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

    /// <summary>As part of a message: <c>process 4711</c>.</summary>
    public override string ToString() => $"process {Pid.ToString(CultureInfo.InvariantCulture)}";

    private static string ReadBootId()
    {
        Span<byte> text = stackalloc byte[64];
        var length = ProcFile.Read("/proc/sys/kernel/random/boot_id", text);
        return Encoding.ASCII.GetString(text[..length]).Trim();
    }
}
