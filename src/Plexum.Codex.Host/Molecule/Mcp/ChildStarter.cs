using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// Starts processes on one thread that lives as long as this process. A process that asked to die with its parent dies with the thread
/// that started it (prctl(2), PR_SET_PDEATHSIG), and a thread of the pool may end at any time.
/// </summary>
internal static class ChildStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> s_work = [];

    static ChildStarter() => new Thread(Run) { IsBackground = true, Name = "molecule-mcp starter" }.Start();

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add((start, started));
        return started.Task;
    }

    private static void Run()
    {
        foreach (var (start, started) in s_work.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                started.SetException(e);
            }
        }
    }
}
