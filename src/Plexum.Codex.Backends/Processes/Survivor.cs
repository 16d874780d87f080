using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>A process that codex started, directly or indirectly, and that is still running.</summary>
/// <param name="Identity">The process.</param>
/// <param name="Name">Its name, up to 15 characters.</param>
public sealed record Survivor(ProcessIdentity Identity, string Name)
{
    private const int MaxEnvironmentBytes = 1024 * 1024;

    // Codex names its thread to commands; its MCP servers, its notify program and its snapshot of the shell are not told (measured on
    // 0.169.0 and 0.171.0, in every sandbox).
    private const string ThreadVariable = "CODEX_THREAD_ID";

    // This process may itself be the command of a codex, and its variables reach everything that it starts.
    private static readonly string? OwnThread = Environment.GetEnvironmentVariable(ThreadVariable);

    /// <summary>
    /// Whether a command of the model's started it: it has what only commands are told, or had in an earlier look, or its parent has, or
    /// codex gave it a session of its own and it has given up all variables, as under <c>env -i</c> and <c>sudo</c>. Codex starts processes
    /// of its own as well: an MCP server that codex killed leaves its children, and the login shell of which codex takes a snapshot may
    /// still be busy when a short turn ends.
    /// </summary>
    public bool IsOfCommand { get; private init; }

    /// <summary>
    /// Finds the processes of a turn, except codex itself. They are recognised by codex's session (MCP servers), by the turn's variable
    /// in their environment (commands, which have their own sessions), by a parent among them, or by having been
    /// <paramref name="seen"/> before: an MCP server gets little of the environment, and its children may leave the session.
    /// </summary>
    /// <param name="codex">Codex, running or not.</param>
    /// <param name="turn">The turn that codex ran.</param>
    /// <param name="seen">What an earlier call found, ideally just before codex was stopped.</param>
    public static ImmutableArray<Survivor> Find(ProcessIdentity codex, TurnId turn, ImmutableArray<Survivor> seen = default)
    {
        ArgumentNullException.ThrowIfNull(codex);
        var entries = ProcessEntry.ReadAll();

        // A session keeps its pid reserved while it has members. If another process has that pid now, the session is empty.
        var sessionIsCodexs =
            codex.BootId == ProcessIdentity.CurrentBootId && entries.TrueForAll(e => e.Pid != codex.Pid || e.StartedAt == codex.StartedAt);
        var known = (seen.IsDefault ? [] : seen).ToDictionary(s => (s.Identity.Pid, s.Identity.StartedAt), s => s.IsOfCommand);
        var marker = MarkerOf(turn);
        var ofCommand = MarkerOf(turn, ProcessEnvironment.CommandVariable);
        var family = new HashSet<int>();
        var commands = new HashSet<int>();
        if (sessionIsCodexs)
        {
            family.Add(codex.Pid);
        }

        var found = ImmutableArray.CreateBuilder<Survivor>();

        // Parents start before their children, so one pass in this order is enough.
        foreach (var e in entries.Where(e => e.StartedAt >= codex.StartedAt).OrderBy(e => e.StartedAt).ThenBy(e => e.Pid))
        {
            var isOurs =
                e.Pid != codex.Pid
                && !e.IsZombie
                && (
                    (sessionIsCodexs && e.Session == codex.Pid)
                    || family.Contains(e.Parent)
                    || known.ContainsKey((e.Pid, e.StartedAt))
                    || HasMarker(e.Pid, marker)
                );
            if (isOurs)
            {
                family.Add(e.Pid);
                var isOfCommand =
                    commands.Contains(e.Parent)
                    || known.GetValueOrDefault((e.Pid, e.StartedAt))
                    || HasMarker(e.Pid, ofCommand)
                    || IsToldOfThread(e.Pid)
                    || (e.Parent == codex.Pid && e.Session != codex.Pid && !HasMarker(e.Pid, marker));
                if (isOfCommand)
                {
                    commands.Add(e.Pid);
                }

                found.Add(
                    new Survivor(new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId), e.Name)
                    {
                        IsOfCommand = isOfCommand,
                    }
                );
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>
    /// Finds the commands of a turn in codex's app-server and what they started. Codex names the thread to them (measured on 0.169.0 and
    /// 0.171.0), and they have the marker as <see cref="ProcessEnvironment.CommandVariable"/>. What an earlier turn has left running is not
    /// this one's, nor what that starts.
    /// </summary>
    /// <param name="thread">The turn's thread.</param>
    /// <param name="marker">What commands of the thread have in their environment.</param>
    /// <param name="since">The moment before the turn, in clock ticks since boot.</param>
    public static ImmutableArray<Survivor> FindOfThread(ThreadId thread, string marker, long since)
    {
        string[] variables = [$"{ThreadVariable}={thread}\0", $"{ProcessEnvironment.CommandVariable}={marker}\0"];
        byte[][] markers = [.. variables.Select(Encoding.UTF8.GetBytes)];
        var entries = ProcessEntry.ReadAll();
        var parents = entries.GroupBy(e => e.Pid).ToDictionary(same => same.Key, same => same.Last());
        var family = new HashSet<int>();
        var found = ImmutableArray.CreateBuilder<Survivor>();
        foreach (var e in entries.Where(e => e.StartedAt >= since && !e.IsZombie).OrderBy(e => e.StartedAt).ThenBy(e => e.Pid))
        {
            if (family.Contains(e.Parent) || (IsOfThread(e) && !IsOfEarlierTurn(e)))
            {
                family.Add(e.Pid);
                var identity = new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId);
                found.Add(new Survivor(identity, e.Name) { IsOfCommand = true });
            }
        }

        return found.DrainToImmutable();

        bool IsOfThread(ProcessEntry e) => markers.Any(one => HasMarker(e.Pid, one));

        bool IsOfEarlierTurn(ProcessEntry e)
        {
            while (parents.TryGetValue(e.Parent, out var parent) && parent.StartedAt >= since)
            {
                e = parent;
            }

            return parents.TryGetValue(e.Parent, out var older) && IsOfThread(older);
        }
    }

    /// <summary>
    /// Finds the codex of a turn whose pid was never recorded: the oldest session leader with the turn's variable in its environment.
    /// Null if there is none.
    /// </summary>
    public static ProcessIdentity? FindCodex(TurnId turn)
    {
        var marker = MarkerOf(turn);
        return ProcessEntry
            .ReadAll()
            .Where(e => e.Pid == e.Session && !e.IsZombie && HasMarker(e.Pid, marker))
            .OrderBy(e => e.StartedAt)
            .Select(e => new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId))
            .FirstOrDefault();
    }

    /// <summary>
    /// Finds what a process that was started as codex, and is another program, has in its process group: a version manager's shim may
    /// wait for codex instead of becoming it, with other programs in between. Empty if the process is codex itself.
    /// </summary>
    internal static ImmutableArray<Survivor> BehindShim(ProcessIdentity shim)
    {
        // A process that does not show its program hides itself, as no shim does.
        if (ProcessProgram.NameOf(shim.Pid) is not { } program || program.Contains("codex", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        // The group's number stays the shim's while the group has members, and is another's only once the shim is gone.
        var group = ProcessEntry.ReadAll().FindAll(e => e.Group == shim.Pid && e.Pid != shim.Pid && !e.IsZombie);
        return shim.IsRunning
            ? [.. group.Select(e => new Survivor(new ProcessIdentity(e.Pid, e.StartedAt, ProcessIdentity.CurrentBootId), e.Name))]
            : [];
    }

    /// <summary>Sends it a signal.</summary>
    /// <returns>False if it has already ended.</returns>
    /// <exception cref="CodexException">The kernel cannot signal a process safely.</exception>
    public bool Signal(ProcessSignal signal) => ForeignProcess.Open(Identity) is { } process && process.SignalAndClose((int)signal);

    /// <summary>Blocks until it has ended, or returns at once if the kernel cannot watch it.</summary>
    internal void AwaitEnd()
    {
        try
        {
            ForeignProcess.Open(Identity)?.WaitAndClose();
        }
        catch (CodexException)
        {
            // It cannot be signalled either, and that was reported.
        }
    }

    /// <summary>As part of a message: <c>4711 (sleep)</c>. A process chooses its name itself.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Identity.Pid} ({VisibleText.OneLine(Name)})");

    private static byte[] MarkerOf(TurnId turn, string variable = ProcessEnvironment.TurnVariable) =>
        Encoding.UTF8.GetBytes($"{variable}={turn.Value}\0");

    private static bool HasMarker(int pid, ReadOnlySpan<byte> marker)
    {
        var environment = EnvironmentOf(pid).AsSpan();
        return environment.IndexOf(marker) is var found && (found == 0 || (found > 0 && environment[found - 1] == 0));
    }

    private static bool IsToldOfThread(int pid)
    {
        const string Name = ThreadVariable + "=";
        var variables = Encoding.UTF8.GetString(EnvironmentOf(pid)).Split('\0');
        return variables.FirstOrDefault(variable => variable.StartsWith(Name, StringComparison.Ordinal)) is { } told
            && told[Name.Length..] != OwnThread;
    }

    private static byte[] EnvironmentOf(int pid) =>
        ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"), MaxEnvironmentBytes);
}
