using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix.Terminals;

/// <summary>The terminal that standard output of this process is.</summary>
public static partial class ControllingTerminal
{
    private const int StandardOutput = 1;

    /// <summary>
    /// Whether this process may draw on it: the shell has not put it into the background, where the terminal is somebody else's. A terminal
    /// that no shell controls, or that is none, is nobody else's.
    /// </summary>
    public static bool IsOurs => ForegroundGroup(StandardOutput) is var group && (group < 0 || group == OwnGroup());

    [LibraryImport("libc", EntryPoint = "tcgetpgrp", SetLastError = true)]
    private static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();
}
