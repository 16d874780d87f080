using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes.Lineage;

/// <summary>
/// Finds out whether codex started a process, directly or indirectly, even if the process did what it could to hide that. Each of these
/// signs is enough:
/// <list type="bullet">
/// <item>It descends from this process through a child in another session. Codex has its own session, no process can join another's, and
/// with <see cref="OrphanKeeper"/> orphans stay descendants of this process.</item>
/// <item>It is in the control group of the systemd unit whose main process this is. So is what an earlier main process left.</item>
/// <item>The turn's variable is in its environment or in that of a process it descends from, such as codex. So it is with turns of other
/// profiles and of earlier daemons.</item>
/// </list>
/// </summary>
public sealed class TurnKinship
{
    private const int MaxAncestors = 1000;
    private const int MaxWalks = 5;
    private const int MaxEnvironmentBytes = 1024 * 1024;
    private const int NotPermitted = 1;

    private static readonly byte[] Variable = Encoding.UTF8.GetBytes($"{ProcessEnvironment.TurnVariable}=");

    private readonly int _pid;
    private readonly int _session;
    private readonly string? _unit;
    private readonly byte[] _ownTurn;

    /// <param name="pid">This process.</param>
    /// <param name="unit">The control group of the unit whose main process this is; null if it is none's.</param>
    /// <param name="ownTurn">The turn that this process itself belongs to, by its environment; null for none.</param>
    internal TurnKinship(int pid, string? unit, string? ownTurn)
    {
        _pid = pid;
        _session = ProcessEntry.Read(pid)?.Session ?? 0;
        _unit = unit;
        _ownTurn = Encoding.UTF8.GetBytes(ownTurn ?? "");
    }

    /// <summary>Tells the processes of turns that this process runs from others.</summary>
    public static TurnKinship OfThisProcess() =>
        new(
            Environment.ProcessId,
            ControlGroup.OfUnit(Environment.GetEnvironmentVariable(ControlGroup.UnitsProcessVariable)),
            Environment.GetEnvironmentVariable(ProcessEnvironment.TurnVariable)
        );

    /// <summary>Whether a process belongs to a turn. It holds for as long as the process lives, whatever becomes of its parents.</summary>
    public Kinship Of(int pid)
    {
        if (Walk(pid) is not { } line)
        {
            return Kinship.Unknown;
        }

        return Descends(line) || IsInUnit(pid) || line.Any(process => process.Pid != _pid && HasTurn(process.Pid))
            ? Kinship.OfTurn
            : Kinship.None;
    }

    // The last but one is this process's child.
    private bool Descends(List<ProcessEntry> line) => line is [.., var child, var last] && last.Pid == _pid && child.Session != _session;

    private bool IsInUnit(int pid) =>
        _unit is { } unit
        && pid != _pid
        && ControlGroup.Of(pid) is { } group
        && (group == unit || group.StartsWith(unit + "/", StringComparison.Ordinal));

    // A daemon that itself runs in a turn serves what runs beside it in that turn.
    private bool HasTurn(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ");
        var environment = ProcFile.ReadAll(path, MaxEnvironmentBytes).AsSpan();
        while (environment.IndexOf(Variable.AsSpan()) is >= 0 and var found)
        {
            var value = environment[(found + Variable.Length)..];
            var end = value.IndexOf((byte)0);
            var turn = end < 0 ? value : value[..end];
            if ((found == 0 || environment[found - 1] == 0) && !turn.SequenceEqual(_ownTurn))
            {
                return true;
            }

            environment = value;
        }

        return false;
    }

    private List<ProcessEntry>? Walk(int pid)
    {
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            if (TryWalk(pid) is { } line)
            {
                return line;
            }
        }

        return null;
    }

    // From the process up to this one, or to one without a parent here. A parent that ends while it is looked at leaves its children to
    // another one; if its pid has been given away, the new process is younger than the child. Then the walk has to begin anew.
    private List<ProcessEntry>? TryWalk(int pid)
    {
        var line = new List<ProcessEntry>();
        for (var next = pid; next > 0; next = line[^1].Parent)
        {
            if (ProcessEntry.Read(next) is not { } entry)
            {
                return line.Count > 0 && IsHidden(next) ? line : null;
            }

            if (line.Count == MaxAncestors || (line.Count > 0 && entry.StartedAt > line[^1].StartedAt))
            {
                return null;
            }

            line.Add(entry);
            if (entry.Pid == _pid)
            {
                break;
            }
        }

        return line.Count > 0 ? line : null;
    }

    // Where /proc is mounted with hidepid, processes of other users are there and cannot be seen.
    private static bool IsHidden(int pid) => Libc.Kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() == NotPermitted;
}
