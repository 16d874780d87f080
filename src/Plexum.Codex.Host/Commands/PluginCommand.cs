using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Plugin;

namespace Plexum.Codex.Host.Commands;

/// <summary><c>plugin</c>: speaks with a Plexum host, or any client of MCP, on standard input and output.</summary>
internal static class PluginCommand
{
    public const string Name = "plugin";

    public static Command Create()
    {
        var command = new Command(
            Name,
            $"Be the provider plugin of a Plexum host, or an MCP server for any other program: JSON-RPC 2.0 on standard input and output, a line each. It ends with its input, or on SIGTERM; the daemon, which it starts where none runs, goes on. A program of the name {PlexumMethods.Executable} without arguments does the same.");
        command.SetAction((arguments, _) => RunAsync([.. arguments.GetValue(CommonOptions.Set)!]));
        return command;
    }

    /// <summary>Whether this process was started under the plugin's own name.</summary>
    public static bool IsOwnName() => new[] { StartedAs(), Environment.ProcessPath }.Any(path => Path.GetFileName(path) == PlexumMethods.Executable);

    private static async Task<int> RunAsync(ImmutableArray<string> assignments)
    {
        var output = Console.OpenStandardOutput();

        // Standard output is the protocol's; what anything else writes there would tear it.
        Console.SetOut(Console.Error);
        using var signals = new StopSignals();
        using var session = new PluginSession(assignments, settings => HostLogging.Start(settings.Profile, settings.Log));
        using var daemon = new PluginDaemon(session, DaemonProgram.OfThisProcess(), TimeProvider.System);
        await PluginProcess.RunAsync(Console.OpenStandardInput(), output, session, daemon, signals.First).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    // The runtime knows only the file behind a link, and the program it was made of.
    private static string? StartedAs()
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
