using System.Globalization;
using System.Text;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>Whether processes see the same other processes and files as this one: namespaces(7).</summary>
public static class ProcessNamespaces
{
    private const int MaxStatusBytes = 64 * 1024;
    private const int MaxMountBytes = 16 * 1024 * 1024;

    /// <summary>
    /// Compares a process of this user. Null if its namespaces cannot be read: it has ended, has privileges that this process lacks, or
    /// keeps itself from being looked at. A kind of namespaces that this process does not find in its own <c>/proc/self/ns</c> is one that
    /// the kernel does not have.
    /// </summary>
    public static NamespaceDifference? Compare(int pid)
    {
        var self = Environment.ProcessId;
        return Compare(Link(self, "pid"), Link(pid, "pid"), NamespaceDifference.Pid) switch
        {
            NamespaceDifference.None => Compare(Link(self, "mnt"), Link(pid, "mnt"), NamespaceDifference.Mount),
            var other => other,
        };
    }

    /// <summary>
    /// Compares a process of another user, such as root, by what everybody may read: <c>NSpid</c> in its status has a number for each
    /// level of pid namespaces from this process's on, and no mount has the same id in two mount namespaces (proc_pid_mountinfo(5)). Null
    /// if that cannot be read either.
    /// </summary>
    public static NamespaceDifference? CompareByTraces(int pid)
    {
        var self = Environment.ProcessId;
        if (Levels(self) is not { } own || Levels(pid) is not { } levels)
        {
            return null;
        }

        if (levels != own)
        {
            return NamespaceDifference.Pid;
        }

        var (mounts, others) = (Mounts(self), Mounts(pid));
        return others.Count == 0 || mounts.Count == 0 ? null
            : mounts.Overlaps(others) ? NamespaceDifference.None
            : NamespaceDifference.Mount;
    }

    private static NamespaceDifference? Compare(string? own, string? other, NamespaceDifference difference) =>
        own is null || own == other ? NamespaceDifference.None
        : other is null ? null
        : difference;

    private static string? Link(int pid, string kind) => new FileInfo(PathOf(pid, $"ns/{kind}")).LinkTarget;

    private static int? Levels(int pid)
    {
        const string Key = "NSpid:";
        return Lines(pid, "status", MaxStatusBytes).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
            ? line[Key.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries).Length
            : null;
    }

    // Each line begins with the mount's id.
    private static HashSet<string> Mounts(int pid) => [.. Lines(pid, "mountinfo", MaxMountBytes).Select(line => line.Split(' ')[0])];

    private static string[] Lines(int pid, string name, int maxBytes) =>
        Encoding.UTF8.GetString(ProcFile.ReadAll(PathOf(pid, name), maxBytes)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string PathOf(int pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}");
}
