using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Processes;

/// <summary>
/// Starts a program that outlives this one: in its own session, with empty standard input and its output in a file, so that it
/// depends on nothing of this process.
/// </summary>
public static class DetachedProgram
{
    /// <summary>Starts the program.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">
    /// Environment variables to add to this process's, of which <see cref="ServiceVariables"/> are left out.
    /// </param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="output">The file for its output.</param>
    /// <returns>Completes when the program has ended.</returns>
    /// <exception cref="CodexException">It could not be started; the message says why.</exception>
    public static Task<ProcessExit> Start(
        string program,
        ImmutableArray<string> arguments,
        IReadOnlyDictionary<string, string> variables,
        string directory,
        SafeFileHandle output
    )
    {
        ArgumentNullException.ThrowIfNull(variables);
        try
        {
            using var input = RegularFile.Open("/dev/null", OpenFlags.ReadOnly);
            var pid = PosixSpawn.Start(program, arguments, Environment(variables), directory, input, output, output, out var error);
            return pid > 0
                ? CodexProcess.OfChild(pid).Exited
                : throw new CodexException($"{program} could not be started: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"{program} could not be started: {e.Message}", e);
        }
    }

    private static List<string> Environment(IReadOnlyDictionary<string, string> variables) =>
        [
            .. System
                .Environment.GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Where(variable => !variables.ContainsKey((string)variable.Key) && !ServiceVariables.Match((string)variable.Key))
                .Select(variable => $"{variable.Key}={variable.Value}"),
            .. variables.Select(variable => $"{variable.Key}={variable.Value}"),
        ];
}
