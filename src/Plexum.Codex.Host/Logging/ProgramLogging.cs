using Plexum.Codex.Agents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Serilog;
using Serilog.Debugging;
using Serilog.Events;

namespace Plexum.Codex.Host.Logging;

/// <summary>Sets up Serilog: stderr, and a file that the processes of the profile share. Prompts and secrets are never logged.</summary>
internal static class ProgramLogging
{
    private static int _reported;

    /// <summary>Starts logging. Disposing the result flushes the log.</summary>
    /// <param name="profile">The profile, which has the log file.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="tellsOfTurns">
    /// Whether turns that failed are told on stderr too, for whoever supervises a daemon. A command shows its turn's error itself.
    /// </param>
    public static IDisposable Start(Profile profile, LogSettings settings, bool tellsOfTurns = false)
    {
        SelfLog.Enable(Report);
        var format = new VisibleLogFormatter();
        var file = new LineFile(profile.LogFile, settings.MaxFileBytes, settings.KeptFiles);
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Is(settings.LowestLevel)
            // ASP.NET Core logs every request at information, with its query string.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Logger(terminal =>
                terminal
                    .MinimumLevel.Verbose()
                    .Filter.ByIncludingOnly(e => tellsOfTurns || e.MessageTemplate.Text != AgentServices.FailureLine)
                    .WriteTo.Console(format, settings.ConsoleLevel, standardErrorFromLevel: LogEventLevel.Verbose)
            )
            .WriteTo.Sink(new LineFileSink(file, format), settings.FileLevel)
            .CreateLogger();
        return new Running();
    }

    /// <summary>Logs warnings for the user.</summary>
    public static void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Log.Warning("{Warning:l}", warning);
        }
    }

    // Report once that the log cannot be written; more would drown out the turn.
    private static void Report(string message)
    {
        if (Interlocked.Exchange(ref _reported, 1) == 0)
        {
            StderrMessages.Write($"The log cannot be written: {message}");
        }
    }

    private sealed class Running : IDisposable
    {
        public void Dispose() => Log.CloseAndFlush();
    }
}
