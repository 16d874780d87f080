using System.Globalization;
using Plexum.Codex.Host.Configuration;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Logging;

/// <summary>Serilog to stderr and to a rolling file in the profile. Prompts and secrets never get here.</summary>
internal static class HostLogging
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>Starts logging; disposing the result writes out what is left.</summary>
    public static IDisposable Start(Profile profile, LogSettings settings)
    {
        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Is(settings.FileLevel < settings.ConsoleLevel ? settings.FileLevel : settings.ConsoleLevel)
            .WriteTo.Console(
                settings.ConsoleLevel, Template, CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(
                Path.Combine(profile.Logs, "plexum-codex-.log"), settings.FileLevel, Template, CultureInfo.InvariantCulture,
                settings.MaxFileBytes, rollOnFileSizeLimit: true, rollingInterval: RollingInterval.Day, retainedFileCountLimit: settings.KeptFiles, shared: true)
            .CreateLogger();
        return new Running();
    }

    private sealed class Running : IDisposable
    {
        public void Dispose() => Log.CloseAndFlush();
    }
}
