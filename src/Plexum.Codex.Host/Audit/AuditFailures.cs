using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Plexum.Codex.Host.Audit;

/// <summary>Tells in the program's log, at most once a minute, that the audit log cannot be written.</summary>
internal sealed class AuditFailures(TimeProvider time) : ILoggingFailureListener
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _toldAt;

    public void OnLoggingFailed(
        object sender,
        LoggingFailureKind kind,
        string message,
        IReadOnlyCollection<LogEvent>? events,
        Exception? exception
    )
    {
        // A temporary failure has lost nothing: the sink tries again at once.
        if (kind == LoggingFailureKind.Temporary || !IsDue())
        {
            return;
        }

        Log.Error(
            "The audit log cannot be written, so it lacks what happens now: {Problem:l}. Make room, or give this user access to it; "
                + "it is tried again within 30 minutes. The daemon goes on meanwhile.",
            (exception?.Message ?? message).TrimEnd('.')
        );
    }

    private bool IsDue()
    {
        lock (_lock)
        {
            if (_toldAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                return false;
            }

            _toldAt = time.GetTimestamp();
            return true;
        }
    }
}
