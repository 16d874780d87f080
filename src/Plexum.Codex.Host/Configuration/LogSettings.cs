using Serilog.Events;

namespace Plexum.Codex.Host.Configuration;

/// <summary>How the program logs.</summary>
/// <param name="FileLevel">The lowest level in the file.</param>
/// <param name="ConsoleLevel">The lowest level on stderr.</param>
/// <param name="MaxFileBytes">How large a file may get.</param>
/// <param name="KeptFiles">How many files are kept.</param>
public sealed record LogSettings(LogEventLevel FileLevel, LogEventLevel ConsoleLevel, long MaxFileBytes, int KeptFiles)
{
    /// <summary>The lowest level that goes anywhere.</summary>
    public LogEventLevel LowestLevel => FileLevel < ConsoleLevel ? FileLevel : ConsoleLevel;
}
