using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace Plexum.Codex.Posix.Secrets;

/// <summary>The program that this process runs.</summary>
public static partial class ProgramImage
{
    /// <summary>
    /// Runs it from its start once more, with the same arguments and with another value of an environment variable, which a runtime reads
    /// before the program's own code. The process keeps its pid, its parent and its standard streams (execve(2)). Returns only on failure.
    /// </summary>
    /// <param name="variable">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Why it failed, as the end of a sentence.</returns>
    public static string RunAgain(string variable, string value)
    {
        try
        {
            // Environment.GetCommandLineArgs() has the name of a library in the place of the program's.
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
            _ = Execve(Environment.ProcessPath ?? "", [.. arguments, null], [.. Variables(variable, value), null]);
            return Libc.LastErrorText();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static IEnumerable<string> Variables(string name, string value) =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Where(variable => (string)variable.Key != name)
            .Select(variable => $"{variable.Key}={variable.Value}")
            .Append($"{name}={value}");

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execve(string path, string?[] arguments, string?[] environment);
}
