using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Processes.Launching;

/// <summary>
/// Starts a program that outlives this one: in its own session, so a terminal's Ctrl-C does not reach it, and with its standard streams on
/// files.
/// </summary>
internal static class SessionProgram
{
    private const int FirstOwnDescriptor = 3;
    private const string Shell = "/bin/sh";

    /// <summary>Starts the program.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its environment as <c>NAME=value</c>.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="streams">The files of its standard streams.</param>
    /// <param name="umask">Its umask in octal; null for that of this process.</param>
    /// <param name="error">The error number if it was not started.</param>
    /// <returns>The pid, or -1.</returns>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static int Start(
        string program,
        ImmutableArray<string> arguments,
        ImmutableArray<string> environment,
        string directory,
        StreamFiles streams,
        string? umask,
        out int error
    )
    {
        using var input = Open(streams.Input, OpenFlags.ReadOnly);
        using var output = Open(streams.Output, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
        using var errors = Open(streams.Errors, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
        var (started, all) = WithUmask(umask, program, arguments, out error);
        return error == 0 ? PosixSpawn.Start(started, all, environment, directory, input, output, errors, out error) : -1;
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
}

/// <summary>The files of a program's standard streams. Output is appended.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal readonly record struct StreamFiles(string Input, string Output, string Errors);
