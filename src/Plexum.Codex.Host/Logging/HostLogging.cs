using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Serilog;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Plexum.Codex.Host.Logging;

/// <summary>Serilog to stderr and to a rolling file in the profile. Prompts and secrets never get here.</summary>
internal static class HostLogging
{
    // Texts are quoted: a workspace may have a newline in its name, and a line of the log must not be forged with it.
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:j}{NewLine}{Exception}";

    private static int s_complained;

    /// <summary>Starts logging; disposing the result writes out what is left.</summary>
    public static IDisposable Start(Profile profile, LogSettings settings)
    {
        SelfLog.Enable(Complain);
        var format = new MessageTemplateTextFormatter(Template, CultureInfo.InvariantCulture);
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Is(settings.LowestLevel)
            .WriteTo.Console(format, settings.ConsoleLevel, standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(
                format, Path.Combine(profile.Logs, "plexum-codex-.log"), settings.FileLevel, settings.MaxFileBytes, rollOnFileSizeLimit: true, rollingInterval: RollingInterval.Day, retainedFileCountLimit: settings.KeptFiles, shared: true)
            .CreateLogger();
        return new Running();
    }

    /// <summary>Logs sentences for the user.</summary>
    public static void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Log.Warning("{Warning:l}", warning);
        }
    }

    // A log that cannot be written must not be silent about it, and must not drown the turn.
    private static void Complain(string message)
    {
        if (Interlocked.Exchange(ref s_complained, 1) == 0)
        {
            Complaint.Say($"The log cannot be written: {message}");
        }
    }

    private sealed class Running : IDisposable
    {
        public void Dispose() => Log.CloseAndFlush();
    }
}
