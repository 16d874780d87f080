using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Host.Plugin;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Commands.Serving;

/// <summary><c>plugin</c>: serves a Plexum host, or any MCP client, on standard input and output.</summary>
internal static class PluginCommand
{
    public const string Name = "plugin";

    public static Command Create()
    {
        var command = new Command(
            Name,
            "Act as the provider plugin of a Plexum host, or as an MCP server for any other program: "
                + "JSON-RPC 2.0 on standard input and output, one message per line. It ends with its input or on SIGTERM; "
                + "the daemon, which it starts if none is running, continues. "
                + $"Running the program under the name {PlexumMethods.Executable} without arguments does the same."
        );
        command.SetAction((arguments, _) => RunAsync([.. arguments.GetValue(CommonOptions.Set)!]));
        return command;
    }

    /// <summary>Whether this process was started under the plugin's name.</summary>
    public static bool IsOwnName() =>
        new[] { StartedAs(), Environment.ProcessPath }.Any(path => Path.GetFileName(path) == PlexumMethods.Executable);

    private static async Task<int> RunAsync(ImmutableArray<string> assignments)
    {
        var output = Console.OpenStandardOutput();

        // Standard output belongs to the protocol; any other output there would corrupt it.
        Console.SetOut(Console.Error);
        using var signals = new StopSignals();
        using var session = new PluginSession(assignments, settings => ProgramLogging.Start(settings.Profile, settings.Log));
        using var daemon = new PluginDaemon(session, DaemonProgram.OfThisProcess(), TimeProvider.System);
        await PluginProcess.RunAsync(Console.OpenStandardInput(), output, session, daemon, signals.First).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    // The runtime reports only the target of a symbolic link, so read the name that was used.
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
