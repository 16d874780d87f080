using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Resources;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Looks at the limits of this user that turns come up against: open files, processes, and inotify instances.</summary>
internal static class LimitsCheck
{
    // A codex has about 20 threads, and each of its commands some more.
    private const long MinProcesses = 512;
    private const int CloseOnExec = 0x80000;
    private const string FilesAdvice = "Raise it with ulimit -n, or with LimitNOFILE= in the daemon's unit.";

    public static IEnumerable<Finding> Run()
    {
        yield return OfFiles(DescriptorProbe.OfThis, "A program of this user's");
        yield return OfProcesses();
        yield return OfInotify();
    }

    /// <summary>The open files of a process.</summary>
    /// <param name="probe">Looks at it.</param>
    /// <param name="who">The process, as the beginning of a sentence.</param>
    public static Finding OfFiles(Func<DescriptorProbe> probe, string who)
    {
        try
        {
            var found = probe();
            return found.Problem is { } problem
                ? new Finding($"{who}: {problem}", FilesAdvice)
                : new Finding($"{who} may have {Describe(found.Limit)} files and sockets open at once.");
        }
        catch (IOException e)
        {
            return new Finding($"{who}: {e.Message}", "Run the doctor as the user whose daemon it is.");
        }
    }

    private static Finding OfProcesses()
    {
        try
        {
            // Root has no such limit, whatever is set: setrlimit(2).
            var limit = Libc.EffectiveUser() == 0 ? long.MaxValue : ProcessLimits.OfThis().Processes;
            return limit < MinProcesses
                ? new Finding(
                    $"This user may have only {Describe(limit)} processes and threads.",
                    "Raise it with ulimit -u, or with LimitNPROC= in the daemon's unit."
                )
                : new Finding($"This user may have {Describe(limit)} processes and threads.");
        }
        catch (IOException e)
        {
            return new Finding(e.Message, "Mount /proc.");
        }
    }

    private static Finding OfInotify()
    {
        var descriptor = Libc.InotifyInit(CloseOnExec);
        if (descriptor >= 0)
        {
            new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
            return new Finding("Files can be watched with inotify.");
        }

        return new Finding(
            $"Files cannot be watched with inotify: {Libc.LastErrorText()}. The output of codex is polled instead, which costs time.",
            "Raise fs.inotify.max_user_instances with sysctl."
        );
    }

    private static string Describe(long limit) => limit == long.MaxValue ? "any number of" : limit.ToString(CultureInfo.InvariantCulture);
}
