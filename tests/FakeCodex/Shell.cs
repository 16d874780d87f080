using System.Diagnostics;

namespace FakeCodex;

/// <summary>Runs what a model would run, without any sandbox: in the current directory, with the environment of this process.</summary>
internal static class Shell
{
    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its output and errors.</returns>
    public static string Run(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec 2>&1\n" + command]) { RedirectStandardInput = true, RedirectStandardOutput = true }
        )!;
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }
}
