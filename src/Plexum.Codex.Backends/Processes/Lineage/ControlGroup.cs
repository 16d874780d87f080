using System.Globalization;
using System.Text;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>The control group that systemd keeps a process in: cgroups(7).</summary>
internal static class ControlGroup
{
    /// <summary>
    /// The variable in which systemd names the main process of a unit. Its children inherit it, but with another process's pid
    /// (systemd.exec(5), since systemd 248).
    /// </summary>
    public const string UnitsProcessVariable = "SYSTEMD_EXEC_PID";

    private const int MaxBytes = 64 * 1024;

    /// <summary>The control group of the unit whose main process this is; null if it is none's.</summary>
    /// <param name="mainProcess">The value of <see cref="UnitsProcessVariable"/>.</param>
    public static string? OfUnit(string? mainProcess) =>
        mainProcess == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && Of(Environment.ProcessId) is { Length: > 1 } group
            ? group
            : null;

    /// <summary>The control group of a process; null if it has ended.</summary>
    public static string? Of(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup");
        return Parse(Encoding.UTF8.GetString(ProcFile.ReadAll(path, MaxBytes)));
    }

    /// <summary>Parses lines such as <c>0::/user.slice/…</c> or, in the old hierarchy, <c>1:name=systemd:/…</c>.</summary>
    internal static string? Parse(string text)
    {
        var groups = text.Split('\n').Select(line => line.Split(':', 3)).Where(fields => fields.Length == 3).ToList();
        return (groups.Find(fields => fields[1] == "name=systemd") ?? groups.Find(fields => fields[0] == "0"))?[2];
    }
}
