using System.Diagnostics;
using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Processes;

/// <summary>Runs programs that answer at once and exit, such as <c>codex --version</c>.</summary>
public static class ShortProgram
{
    /// <summary>Runs a program with nothing on its stdin, and waits for its end.</summary>
    /// <param name="start">The program, its arguments and its environment, of which it does not get <see cref="ServiceVariables"/>.</param>
    /// <param name="limit">Cancelled when it has taken too long; it and its children are then killed.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(ProcessStartInfo start, CancellationToken limit)
    {
        ArgumentNullException.ThrowIfNull(start);
        ServiceVariables.RemoveFrom(start.Environment);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = await StartAsync(start, limit).ConfigureAwait(false);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit);
            var output = await process.StandardOutput.ReadToEndAsync(limit).ConfigureAwait(false);
            await process.WaitForExitAsync(limit).ConfigureAwait(false);
            return (process.ExitCode, output, await errors.ConfigureAwait(false));
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    private static async Task<Process> StartAsync(ProcessStartInfo start, CancellationToken limit)
    {
        while (true)
        {
            try
            {
#pragma warning disable RS0030 // It inherits nothing that matters, and is gone when the run is over.
                return Process.Start(start)!;
#pragma warning restore RS0030
            }
            catch (System.ComponentModel.Win32Exception e) when (e.NativeErrorCode == PosixSpawn.FileBusy)
            {
                await Task.Delay(PosixSpawn.BusyWait, TimeProvider.System, limit).ConfigureAwait(false);
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile, or a child of it may not be signalled; what went wrong before matters more.
        }
    }
}
