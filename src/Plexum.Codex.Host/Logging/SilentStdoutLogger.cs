using Akka.Event;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// Takes the place of Akka's logger on standard output, which prints while no other logger runs, whatever <c>stdout-loglevel</c> says
/// (seen on 1.5.74 at the shutdown). Standard output belongs to the command.
/// </summary>
public sealed class SilentStdoutLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
    }
}
