using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Posix.Resources;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// Starts codex for a turn in the workspace. It runs in its own session, so a terminal's Ctrl-C does not reach it. The prompt file is
/// its stdin. stdout and stderr are appended to files in the turn's directory, so it outlives this process: it panics when the reader
/// of a pipe goes away (measured on 0.169.0).
/// </summary>
public static class CodexLauncher
{
    /// <summary>Starts codex.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="arguments">Its arguments, from <see cref="CodexCommandLine.ToArguments"/>.</param>
    /// <param name="environment">Its environment, from <see cref="ProcessEnvironment.Build(CodexBinary, TurnId)"/>.</param>
    /// <param name="workspace">
    /// Its working directory: an absolute path with every link followed, so that a link in it was put there since.
    /// </param>
    /// <param name="directory">The turn's directory, which contains the prompt.</param>
    /// <param name="umask">Its umask in octal; null for that of this process.</param>
    /// <param name="elsewhere">
    /// The directory to start it in instead of the workspace, which is looked at all the same; null for the workspace.
    /// </param>
    /// <exception cref="CodexUnavailableException">It could not be started; the message says why and what to do.</exception>
    public static CodexProcess Start(
        CodexBinary binary,
        ImmutableArray<string> arguments,
        ImmutableArray<string> environment,
        string workspace,
        TurnDirectory directory,
        string? umask = null,
        string? elsewhere = null
    )
    {
        ArgumentNullException.ThrowIfNull(binary);
        ArgumentNullException.ThrowIfNull(directory);
        if (!OperatingSystem.IsLinux())
        {
            throw new CodexUnavailableException(
                "codex can be run on Linux only, because the processes that it leaves behind are found through /proc."
            );
        }

        using var place = LinkFreePath.TryOpenDirectory(workspace, out var problem);
        if (place is null)
        {
            throw new CodexUnavailableException(
                Directory.Exists(workspace)
                    ? $"codex could not be started: the workspace {workspace} is not the directory that it was: {problem}. "
                        + "Name another one."
                    : $"codex could not be started: the workspace {workspace} is gone. Create it again."
            );
        }

        // Wherever the path leads by then, codex starts in the directory that was opened here.
        var here = elsewhere ?? string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)place.DangerousGetHandle()}");
        try
        {
            var streams = new StreamFiles(directory.PromptFile, directory.StdoutFile, directory.StderrFile);
            var pid = SessionProgram.Start(binary.Path, arguments, environment, here, streams, umask, out var error);
            return pid > 0 ? CodexProcess.OfChild(pid) : throw new CodexUnavailableException(Explain(binary, error));
        }
        catch (IOException e)
        {
            throw new CodexUnavailableException(
                $"codex could not be started: {e.Message} {ResourceShortage.Remedy(e.HResult) ?? "Check the profile's permissions."}",
                e
            );
        }
    }

    private static string Explain(CodexBinary binary, int error)
    {
        const int TooLong = 7;
        const int NotExecutable = 8;
        var what = Marshal.GetPInvokeErrorMessage(error);
        return error switch
        {
            TooLong => $"codex could not be started: its arguments and environment are too long ({what}). Shorten extra_args.",
            NotExecutable =>
                $"codex could not be started: {binary.Path} is not a program for this machine ({what}). {CodexBinary.InstallAdvice}",
            _ => $"codex could not be started: {binary.Path}: {what}. {ResourceShortage.Remedy(error) ?? CodexBinary.InstallAdvice}",
        };
    }
}
