namespace Plexum.Codex.Client;

/// <summary>The daemon cannot answer right now: it is starting, stopping or busy. The request may be retried.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="code">The problem's code; null if there was no answer at all.</param>
public sealed class DaemonBusyException(string message, string? code = null) : IOException(message)
{
    /// <summary>Whether the daemon did nothing of the request, so that it cannot be done twice.</summary>
    public bool HasDoneNothing => code is "starting" or "shutting_down" or "turn_not_at_hand";
}
