using System.Diagnostics;
using Plexum.Codex.Posix;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// A user without privileges, for attacks that root could always make: the user of the tests, or nobody where that is root.
/// </summary>
public static class OrdinaryUser
{
    private const string Nobody = "65534";

    private static readonly Lazy<string?> Missing = new(Try);

    /// <summary>Why no program can be run as that user here; null when it can.</summary>
    public static string? WhyNot => Missing.Value;

    /// <summary>What a command line begins with so that it runs as that user, with the same number of a process.</summary>
    public static string[] Prefix => IsRoot ? ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--"] : [];

    private static bool IsRoot => Libc.EffectiveUser() == 0;

    /// <summary>Gives that user a directory with all that is in it.</summary>
    public static void Give(string directory)
    {
        if (IsRoot)
        {
            Assert.Equal(0, Run("chown", ["-R", $"{Nobody}:{Nobody}", directory]));
        }
    }

    private static string? Try()
    {
        if (!IsRoot)
        {
            return null;
        }

        try
        {
            var program = ProgramProcess.PlexumCodex;
            return Run(Prefix[0], [.. Prefix[1..], "test", "-x", program]) == 0
                ? null
                : $"The user {Nobody} cannot run {program}; run these tests in a directory that everybody can read, or not as root.";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"There is no setpriv to run a program as another user with: {e.Message}";
        }
    }

    private static int Run(string program, string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
