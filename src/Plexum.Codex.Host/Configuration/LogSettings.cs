using Serilog.Events;

namespace Plexum.Codex.Host.Configuration;

/// <summary>How the program logs.</summary>
/// <param name="FileLevel">The lowest level that is written to the file.</param>
/// <param name="ConsoleLevel">The lowest level that is written to stderr.</param>
/// <param name="MaxFileBytes">The maximum size of a log file, in bytes.</param>
/// <param name="KeptFiles">How many log files are kept.</param>
public sealed record LogSettings(LogEventLevel FileLevel, LogEventLevel ConsoleLevel, long MaxFileBytes, int KeptFiles)
{
    /// <summary>The lowest level that is written anywhere.</summary>
    public LogEventLevel LowestLevel => FileLevel < ConsoleLevel ? FileLevel : ConsoleLevel;
}
