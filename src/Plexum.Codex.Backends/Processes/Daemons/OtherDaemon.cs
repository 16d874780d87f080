using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Processes.Lineage;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes.Daemons;

/// <summary>A daemon of this program that runs in another process. A signal reaches exactly that process or none.</summary>
public sealed class OtherDaemon
{
    private const int MaxArgumentBytes = 1024 * 1024;

    private readonly ProcessIdentity _identity;

    private OtherDaemon(ProcessIdentity identity)
    {
        _identity = identity;
        Ended = CodexProcess.Attach(identity).Exited;
    }

    /// <summary>Its pid.</summary>
    public int Pid => _identity.Pid;

    /// <summary>Completes when it has ended.</summary>
    public Task Ended { get; }

    /// <summary>
    /// The systemd unit whose main process or child it is, such as <c>plexum-codex.service</c>, by its control group (cgroups(7)); null
    /// if there is none. The whole path is asked for, because a terminal's programs are in a unit of the user too, as a scope.
    /// </summary>
    public string? Unit => ControlGroup.Of(Pid) is { } group ? UnitOf(group) : null;

    /// <summary>Its arguments, the program's name included, as it was started; empty if it has ended. A daemon hides all else.</summary>
    public ImmutableArray<string> Arguments
    {
        get
        {
            // Each argument ends with a null: proc_pid_cmdline(5).
            var bytes = ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/cmdline"), MaxArgumentBytes);
            return bytes.Length == 0 ? [] : [.. Encoding.UTF8.GetString(bytes[..^1]).Split('\0')];
        }
    }

    /// <summary>The process that has this pid now; null if there is none.</summary>
    /// <exception cref="CodexException">The kernel cannot watch other processes.</exception>
    public static OtherDaemon? Of(int pid) => ProcessIdentity.Read(pid) is { } identity ? new OtherDaemon(identity) : null;

    /// <summary>Asks it to stop, with SIGTERM.</summary>
    /// <returns>False if it has ended.</returns>
    /// <exception cref="CodexException">The kernel cannot signal a process safely.</exception>
    public bool Terminate() => ForeignProcess.Open(_identity)?.SignalAndClose((int)ProcessSignal.Terminate) ?? false;

    /// <summary>The service at the end of a control group's path; null if it ends in anything else.</summary>
    internal static string? UnitOf(string group) =>
        group.Split('/')[^1] is { Length: > 8 } last && last.EndsWith(".service", StringComparison.Ordinal) ? last : null;
}
