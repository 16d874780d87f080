using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>A process that codex started, directly or not, and that is still there.</summary>
/// <param name="Identity">Which one.</param>
/// <param name="Name">Its name, up to 15 characters.</param>
public sealed record Survivor(ProcessIdentity Identity, string Name)
{
    private const int MostEnvironmentBytes = 1024 * 1024;

    /// <summary>
    /// The processes of a turn, codex itself apart. They are known by codex's session (MCP servers), by the turn's variable in
    /// their environment (commands, which have sessions of their own), by a parent among them, or by having been
    /// <paramref name="seen"/> before: an MCP server gets little of the environment, and its children may leave the session.
    /// </summary>
    /// <param name="codex">codex, running or not.</param>
    /// <param name="turn">The turn it was started for.</param>
    /// <param name="seen">What an earlier call found, best made just before codex is stopped.</param>
    public static ImmutableArray<Survivor> Find(ProcessIdentity codex, TurnId turn, ImmutableArray<Survivor> seen = default)
    {
        ArgumentNullException.ThrowIfNull(codex);
        var entries = ProcessEntry.ReadAll();

        // The number of a session stays taken while it has members. If another process has it now, there are none.
        var sessionIsCodexs = codex.BootId == ProcessIdentity.CurrentBootId && entries.TrueForAll(e => e.Pid != codex.Pid || e.StartedAt == codex.StartedAt);
        var known = seen.IsDefaultOrEmpty ? [] : seen.Select(s => (s.Identity.Pid, s.Identity.StartedAt)).ToHashSet();
        var marker = MarkerOf(turn);
        var family = new HashSet<int>();
        if (sessionIsCodexs)
        {
            family.Add(codex.Pid);
        }

        var found = ImmutableArray.CreateBuilder<Survivor>();

        // Parents start before their children, so one pass in this order is enough.
        foreach (var e in entries.Where(e => e.StartedAt >= codex.StartedAt).OrderBy(e => e.StartedAt).ThenBy(e => e.Pid))
        {
            var isOurs = e.Pid != codex.Pid && !e.IsZombie
                && ((sessionIsCodexs && e.Session == codex.Pid)
                    || family.Contains(e.Parent)
                    || known.Contains((e.Pid, e.StartedAt))
                    || HasMarker(e.Pid, marker));
            if (isOurs)
            {
                family.Add(e.Pid);
                found.Add(new Survivor(new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId), e.Name));
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>
    /// The codex that was started for a turn, where nobody noted its number: of the processes with the turn's variable in their
    /// environment the oldest that leads a session. Null when there is none.
    /// </summary>
    public static ProcessIdentity? FindCodex(TurnId turn)
    {
        var marker = MarkerOf(turn);
        return ProcessEntry.ReadAll()
            .Where(e => e.Pid == e.Session && !e.IsZombie && HasMarker(e.Pid, marker))
            .OrderBy(e => e.StartedAt)
            .Select(e => new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId))
            .FirstOrDefault();
    }

    /// <summary>Sends it a signal.</summary>
    /// <returns>False when it has ended already.</returns>
    /// <exception cref="CodexException">The kernel cannot signal a process safely.</exception>
    public bool Signal(ProcessSignal signal) => ForeignProcess.Open(Identity) is { } process && process.SignalAndClose((int)signal);

    /// <summary>As part of a message: <c>4711 (sleep)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Identity.Pid} ({Name})");

    private static byte[] MarkerOf(TurnId turn) => Encoding.UTF8.GetBytes($"{ProcessEnvironment.TurnVariable}={turn.Value}\0");

    private static bool HasMarker(int pid, ReadOnlySpan<byte> marker)
    {
        var environment = ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"), MostEnvironmentBytes).AsSpan();
        return environment.IndexOf(marker) is var found && (found == 0 || (found > 0 && environment[found - 1] == 0));
    }
}
