using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Paths;
using Plexum.Codex.Posix.Resources;
using Plexum.Codex.Processes;
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
    private const int FirstOwnDescriptor = 3;
    private const string Shell = "/bin/sh";

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
            using var input = Open(directory.PromptFile, OpenFlags.ReadOnly);
            using var output = Open(directory.StdoutFile, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
            using var errors = Open(directory.StderrFile, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
            var (program, all) = WithUmask(umask, binary.Path, arguments, out var error);
            var pid = error == 0 ? PosixSpawn.Start(program, all, environment, here, input, output, errors, out error) : -1;
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

    // posix_spawn cannot set it, and this process cannot change its own for a moment without all its threads creating files with it.
    private static (string Program, ImmutableArray<string> Arguments) WithUmask(
        string? umask,
        string program,
        ImmutableArray<string> arguments,
        out int error
    )
    {
        error = 0;
        if (umask is null)
        {
            return (program, arguments);
        }

        // The shell would report a missing program only as its exit code.
        error = Libc.Access(program, Libc.MayExecute) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return (Shell, ["-c", $"umask {umask} && exec \"$0\" \"$@\"", program, .. arguments]);
    }

    /// <summary>Opens a file with a descriptor above the standard streams, whose descriptors may be free in a daemon.</summary>
    private static SafeFileHandle Open(string path, int flags)
    {
        var file = RegularFile.Open(path, flags);
        if (file.DangerousGetHandle() >= FirstOwnDescriptor)
        {
            return file;
        }

        using (file)
        {
            const int DuplicateAboveCloseOnExec = 1030;
            var descriptor = Libc.Fcntl(file, DuplicateAboveCloseOnExec, FirstOwnDescriptor);
            return descriptor >= 0
                ? new SafeFileHandle(descriptor, ownsHandle: true)
                : throw new IOException($"{path} cannot be opened: {Libc.LastErrorText()}.");
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
