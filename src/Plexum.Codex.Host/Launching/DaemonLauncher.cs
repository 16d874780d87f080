using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Secrets;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Launching;

/// <summary>
/// Starts a daemon in a session of its own, so that it outlives this process. If two processes start one at the same time, the daemon's
/// lock decides, and the loser uses the winner's daemon.
/// </summary>
/// <param name="program">The program's absolute path.</param>
/// <param name="arguments">Its arguments: the command that runs a daemon, and its options.</param>
/// <param name="outputName">The name of the file for its standard output and error, in the profile's directory of logs.</param>
/// <param name="time">The clock.</param>
internal sealed class DaemonLauncher(string program, ImmutableArray<string> arguments, string outputName, TimeProvider time)
{
    private const string ConsoleLevel = "log.console-level=";

    /// <summary>Starts the daemon and waits until it answers.</summary>
    /// <param name="client">A client of the profile's daemon.</param>
    /// <param name="settings">The settings; the profile's directories must exist.</param>
    /// <param name="cancellationToken">Stops waiting; the daemon may run all the same.</param>
    /// <exception cref="CodexException">It did not start; the message has its own words.</exception>
    public async Task StartAsync(DaemonClient client, ProgramSettings settings, CancellationToken cancellationToken)
    {
        var profile = settings.Profile;
        using var output = LaunchOutput.Open(Path.Combine(profile.Logs, outputName));
        var ended = Launch(profile, output);
        var isFirst = true;
        if (!await DaemonStartup.AnswersAsync(client, time, StartAgainOrThrow, cancellationToken).ConfigureAwait(false))
        {
            throw new DaemonException(
                $"The daemon of the profile {profile.Root} did not answer at {settings.Api.Socket} within "
                    + $"{DaemonStartup.Limit.TotalSeconds:0} seconds. Its output: {output.Tail()}",
                DaemonProblem.Failed
            );
        }

        void StartAgainOrThrow()
        {
            // If the lock is held, ours lost a race: the winner will answer soon, or an old daemon is about to exit.
            if (ended.IsCompleted && LockHolder.Find(profile.DaemonLockFile) is null)
            {
                ended = isFirst
                    ? Launch(profile, output)
                    : throw new DaemonException(
                        $"The daemon of the profile {profile.Root} exited during startup: {output.Tail()}",
                        DaemonProblem.Failed
                    );
                isFirst = false;
            }
        }
    }

    private Task<ProcessExit> Launch(Profile profile, LaunchOutput output)
    {
        output.Clear();
        return DetachedProgram.Start(program, [.. arguments, .. Quiet()], Variables(profile), profile.Root, output.File);
    }

    // The daemon has a log file of its own. The file for its standard error is never rotated, so only fatal errors go there.
    private string[] Quiet() =>
        arguments.Any(argument => argument.Contains(ConsoleLevel, StringComparison.Ordinal)) ? [] : ["--set", $"{ConsoleLevel}fatal"];

    // Of what systemd tells this process's unit, only its credentials concern the daemon: the token of a workspace may be one.
    private static ImmutableDictionary<string, string> Variables(Profile profile)
    {
        var variables = ImmutableDictionary<string, string>
            .Empty.Add(Profile.RootVariable, profile.Root)
            .Add(DiagnosticsPort.Variable, DiagnosticsPort.Closed);
        return Environment.GetEnvironmentVariable(ServiceVariables.Credentials) is { Length: > 0 } credentials
            ? variables.Add(ServiceVariables.Credentials, credentials)
            : variables;
    }
}
