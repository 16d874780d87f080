using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.TestSupport;

/// <summary>What a test asks the kernel about processes, and does to them.</summary>
public static partial class ProcessProbe
{
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool IsRunning(int pid) => ProcessIdentity.Read(pid) is { IsRunning: true };

    /// <summary>Waits until a process has ended.</summary>
    public static Task GoneAsync(int pid) => Limits.UntilAsync(() => !IsRunning(pid), what: $"process {pid} ended");

    /// <summary>The process that has this number now; it must be there.</summary>
    public static ProcessIdentity Identify(int pid) => Assert.IsType<ProcessIdentity>(ProcessIdentity.Read(pid));

    /// <summary>The number of a process that stands in a file.</summary>
    public static int PidIn(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    /// <summary>The processes of a turn, codex among them, by the variable that codex and its commands have.</summary>
    public static IReadOnlyList<int> OfTurn(TurnId turn) => Naming($"{ProcessEnvironment.TurnVariable}={turn.Value}\0");

    /// <summary>The processes whose environment has a text, such as the path of a directory of the test's own.</summary>
    public static IReadOnlyList<int> Naming(string text)
    {
        var marker = Encoding.UTF8.GetBytes(text);
        return
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder => Path.GetFileName(folder))
                .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
                .Where(pid => pid > 0 && Read(pid, "environ").AsSpan().IndexOf(marker) >= 0),
        ];
    }

    /// <summary>Waits until no process of a turn is left.</summary>
    public static Task GoneAsync(TurnId turn) =>
        Limits.UntilAsync(() => OfTurn(turn).Count == 0, what: $"no process of turn {turn} was left");

    /// <summary>Kills what is left of a turn: codex, and all that it started. Returns when it is gone.</summary>
    public static void KillTurn(TurnId turn)
    {
        var any = new ProcessIdentity(int.MaxValue, 0, ProcessIdentity.CurrentBootId);
        foreach (var survivor in Survivor.Find(any, turn))
        {
            survivor.Signal(ProcessSignal.Kill);
            SpinWait.SpinUntil(() => !survivor.Identity.IsRunning, Limits.Wait);
        }
    }

    /// <summary>The command line of a process, its arguments apart by NUL; empty when it has ended.</summary>
    public static string CommandLineOf(int pid) => Encoding.UTF8.GetString(Read(pid, "cmdline"));

    /// <summary>A variable in the environment that a process was started with; empty when there is none.</summary>
    public static string VariableOf(int pid, string name) =>
        Encoding
            .UTF8.GetString(Read(pid, "environ"))
            .Split('\0')
            .Where(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal))
            .Select(variable => variable[(name.Length + 1)..])
            .FirstOrDefault("");

    /// <summary>The session of a process; 0 when it has ended.</summary>
    public static int SessionOf(int pid) =>
        Encoding.UTF8.GetString(Read(pid, "stat")).Split(") ") is [.., var rest] && rest.Split(' ') is [_, _, _, var session, ..]
            ? int.Parse(session, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>A file as a process sees it, which may have mounts of its own.</summary>
    public static string PathSeenBy(int pid, string path) => PathOf(pid, "root") + path;

    /// <summary>How many writes a process has made so far, as the kernel counts them.</summary>
    public static int WritesOf(int pid) => (int)FieldOf(pid, "io", "syscw:");

    /// <summary>The most memory that a process ever had resident, in bytes.</summary>
    public static long PeakBytesOf(int pid) => 1024 * FieldOf(pid, "status", "VmHWM:");

    /// <summary>The memory that a process has resident, in bytes.</summary>
    public static long ResidentBytesOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64;
    }

    /// <summary>The processor time that a process has used.</summary>
    public static TimeSpan ProcessorTimeOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }

    /// <summary>Sends a process a signal.</summary>
    /// <returns>Whether the process was there.</returns>
    public static bool Signal(int pid, ProcessSignal signal) => Send(pid, (int)signal) == 0;

    /// <summary>Stops a process where it is, with SIGSTOP, and returns when the kernel says that it stands still.</summary>
    public static void Freeze(int pid)
    {
        Assert.Equal(0, Send(pid, StopSignal));
        Assert.True(SpinWait.SpinUntil(() => StateOf(pid) == 'T', Limits.Wait), $"Process {pid} did not stop.");
    }

    /// <summary>Lets a process go on that <see cref="Freeze"/> stopped, with SIGCONT.</summary>
    public static void Thaw(int pid) => Assert.Equal(0, Send(pid, ContinueSignal));

    private static char StateOf(int pid) => Encoding.UTF8.GetString(Read(pid, "stat")).Split(") ")[^1].FirstOrDefault();

    private static long FieldOf(int pid, string file, string name) =>
        long.Parse(
            File.ReadLines(PathOf(pid, file))
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    private static string PathOf(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");

    private static byte[] Read(int pid, string file)
    {
        try
        {
            return File.ReadAllBytes(PathOf(pid, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is not ours.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
