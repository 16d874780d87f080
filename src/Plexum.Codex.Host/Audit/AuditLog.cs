using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Inbox;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Plexum.Codex.Host.Audit;

/// <summary>
/// The log of who did what: <c>logs/audit.jsonl</c> in the profile, one JSON object a line, limited and kept like the program's log.
/// When it cannot be written, that is told in the program's log, and work goes on: it is a record for the owner and protects nothing, and
/// refusing work would let a full disk also stop the cancelling of turns. Thread-safe.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private readonly Logger _logger;
    private readonly TimeProvider _time;
    private readonly AuditThrottle _refusals;

    private AuditLog(Logger logger, TimeProvider time) => (_logger, _time, _refusals) = (logger, time, new AuditThrottle(time));

    /// <summary>Keeps nothing.</summary>
    public static AuditLog None { get; } = new(new LoggerConfiguration().CreateLogger(), TimeProvider.System);

    /// <summary>Opens the log of a profile. Several processes may write it at once.</summary>
    public static AuditLog Open(Profile profile, LogSettings settings, TimeProvider time)
    {
        var line = new MessageTemplateTextFormatter("{Message:l}{NewLine}", CultureInfo.InvariantCulture);
        var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                sink =>
                    sink.File(
                        line,
                        Path.Combine(profile.Logs, "audit.jsonl"),
                        LogEventLevel.Verbose,
                        settings.MaxFileBytes,
                        rollOnFileSizeLimit: true,
                        retainedFileCountLimit: settings.KeptFiles,
                        shared: true
                    ),
                new AuditFailures(time)
            )
            .CreateLogger();
        return new AuditLog(logger, time);
    }

    /// <summary>Adds an entry.</summary>
    public void Write(AuditEntry entry) =>
        _logger.Information("{Entry:l}", JsonSerializer.Serialize(entry with { Time = _time.GetUtcNow() }, AuditJson.Default.AuditEntry));

    /// <summary>Adds an entry about something that this process does itself.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="via"><c>command</c> or <c>daemon</c>.</param>
    /// <param name="token">The token that it is about; null for none.</param>
    public void WriteOwn(string action, string via, string? token = null) =>
        Write(
            new AuditEntry(action, via, "done")
            {
                Token = token,
                Uid = Libc.EffectiveUser(),
                Pid = Environment.ProcessId,
            }
        );

    /// <summary>Adds an entry about a turn for a message of the molecule platform.</summary>
    public void WriteSubmission(InboxEntry message, TurnId turn) =>
        Write(
            new AuditEntry("submit", "molecule", "accepted")
            {
                Peer = message.Chat.PeerId,
                Agent = message.Chat.Conversation.Value,
                Turn = turn.Value,
            }
        );

    /// <summary>Adds an entry about a request over TCP that had no valid token. Of too many only some are kept.</summary>
    /// <param name="code">The code of the problem.</param>
    /// <param name="token">The token, if it has expired.</param>
    public void WriteRefusal(string code, string? token)
    {
        if (_refusals.TryPass(out var leftOut))
        {
            Write(new AuditEntry("authenticate", "tcp", code) { Token = token, LeftOut = leftOut > 0 ? leftOut : null });
        }
    }

    /// <summary>Adds an entry about a process that may not use the unix socket. The caller keeps them few.</summary>
    /// <param name="user">The user it runs as.</param>
    /// <param name="pid">The process; 0 if it cannot be seen.</param>
    /// <param name="leftOut">How many such entries were left out before this one.</param>
    public void WriteRefusedPeer(uint user, int pid, int leftOut) =>
        Write(
            new AuditEntry("connect", "unix", "caller_refused")
            {
                Uid = user,
                Pid = pid > 0 ? pid : null,
                LeftOut = leftOut > 0 ? leftOut : null,
            }
        );

    public void Dispose() => _logger.Dispose();
}
