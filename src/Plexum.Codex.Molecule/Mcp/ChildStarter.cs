using System.Collections.Concurrent;
using System.Diagnostics;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// Starts processes on one thread that lives as long as this process. PR_SET_PDEATHSIG (prctl(2)) kills a child when the thread that
/// started it ends, and a pool thread may end at any time.
/// </summary>
internal static class ChildStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Work = [];

    static ChildStarter() => new Thread(Run) { IsBackground = true, Name = "molecule-mcp starter" }.Start();

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add((start, started));
        return started.Task;
    }

    private static void Run()
    {
        foreach (var (start, started) in Work.GetConsumingEnumerable())
        {
            try
            {
#pragma warning disable RS0030 // Only a process that this thread starts dies with it.
                started.SetResult(Process.Start(start)!);
#pragma warning restore RS0030
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                started.SetException(e);
            }
        }
    }
}
