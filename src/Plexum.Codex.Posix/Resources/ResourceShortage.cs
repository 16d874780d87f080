namespace Plexum.Codex.Posix.Resources;

/// <summary>What to do where the system has no more of something, whatever it was needed for.</summary>
public static class ResourceShortage
{
    /// <summary>The remedy for an error number of the system; null if it names no shortage.</summary>
    /// <returns>One or more sentences.</returns>
    public static string? Remedy(int error) =>
        error switch
        {
            // errno(3): EAGAIN, ENOMEM, ENFILE, EMFILE, ENOSPC, EDQUOT.
            11 => "This user has as many processes as it may have: end some, or raise the limit (LimitNPROC= in a systemd unit, ulimit -u "
                + "in a shell).",
            12 => "The system has no memory left: end some programs, or have fewer turns run at once (turns.max-running).",
            23 => "The system has as many files open as it may have: end some programs, or raise fs.file-max with sysctl.",
            24 => "This process has as many files open as it may have: raise the limit (LimitNOFILE= in a systemd unit, ulimit -n in a "
                + "shell) and start it again, or have fewer turns run at once (turns.max-running).",
            28 or 122 => "Free some space.",
            _ => null,
        };
}
