using Akka.Event;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// Replaces Akka's logger on standard output, which belongs to the command. While no other logger runs, Akka's prints regardless of
/// <c>stdout-loglevel</c> (seen with 1.5.74 during shutdown).
/// </summary>
public sealed class SilentStdoutLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message) { }
}
