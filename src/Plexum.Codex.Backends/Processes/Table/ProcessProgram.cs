using System.Globalization;

namespace Plexum.Codex.Processes.Table;

/// <summary>The program that a process runs: proc_pid_exe(5). For a script it is the interpreter.</summary>
internal static class ProcessProgram
{
    /// <summary>The name of its file, without links; null if the process has ended or does not show it.</summary>
    public static string? NameOf(int pid)
    {
        var link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/exe"));
        try
        {
            return link.LinkTarget is { } target ? Path.GetFileName(target) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It belongs to another user, or hides itself: prctl(2), PR_SET_DUMPABLE.
            return null;
        }
    }
}
