using System.Globalization;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>The namespaces in which a process sees other processes and files: namespaces(7).</summary>
/// <param name="Pid">That of process ids.</param>
/// <param name="Mount">That of mounts.</param>
public sealed record ProcessNamespaces(string Pid, string Mount)
{
    /// <summary>Those of this process.</summary>
    /// <exception cref="CodexException">They cannot be read.</exception>
    public static ProcessNamespaces OfThisProcess() =>
        Of(Environment.ProcessId)
        ?? throw new CodexException("The namespaces of this process cannot be read in /proc/self/ns; mount /proc for the daemon.");

    /// <summary>
    /// Those of another process; null if they cannot be read: it has ended, runs as another user, has privileges that this process lacks,
    /// or keeps itself from being looked at.
    /// </summary>
    public static ProcessNamespaces? Of(int pid) =>
        Read(pid, "pid") is { } ids && Read(pid, "mnt") is { } mounts ? new ProcessNamespaces(ids, mounts) : null;

    private static string? Read(int pid, string kind) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{kind}")).LinkTarget;
}
