using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Logging;
using Plexum.Codex.Inbox;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Serilog;

namespace Plexum.Codex.Host.Audit;

/// <summary>
/// The log of who did what: <c>logs/audit.jsonl</c> in the profile, one JSON object a line, limited and kept like the program's log. What
/// was refused is in <c>logs/audit-refused.jsonl</c>, so that a flood of it pushes out nothing that was done. When a file cannot be
/// written, that is told in the program's log, and work goes on: it is a record for the owner and protects nothing, and refusing work would
/// let a full disk also stop the cancelling of turns. Several processes may write it at once. Thread-safe.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private readonly LineFile? _done;
    private readonly LineFile? _refused;
    private readonly LineQueue? _doneLines;
    private readonly LineQueue? _refusedLines;
    private readonly TimeProvider _time;
    private readonly AuditThrottles _throttles;
    private readonly OnceAMinute _failures;

    private AuditLog(LineFile? done, LineFile? refused, TimeProvider time)
    {
        (_done, _refused, _time) = (done, refused, time);
        (_throttles, _failures) = (new AuditThrottles(time), new OnceAMinute(time));
        (_doneLines, _refusedLines) = (QueueOf(done), QueueOf(refused));
    }

    /// <summary>Keeps nothing.</summary>
    public static AuditLog None { get; } = new(null, null, TimeProvider.System);

    /// <summary>Opens the log of a profile.</summary>
    public static AuditLog Open(Profile profile, LogSettings settings, TimeProvider time)
    {
        return new AuditLog(FileOf("audit.jsonl"), FileOf("audit-refused.jsonl"), time);

        LineFile FileOf(string name) => new(Path.Combine(profile.Logs, name), settings.MaxFileBytes, settings.KeptFiles);
    }

    /// <summary>Adds an entry about something that was done, or may have been.</summary>
    public void Write(AuditEntry entry) => Append(_doneLines, entry);

    /// <summary>Adds an entry about something that was refused. Of too many with the same caller and outcome only some are kept.</summary>
    public void WriteRefused(AuditEntry entry)
    {
        if (_throttles.TryPass(entry.Token, entry.Via, entry.Outcome, out var leftOut))
        {
            Append(_refusedLines, entry with { LeftOut = leftOut > 0 ? leftOut : null });
        }
    }

    /// <summary>Adds an entry about something that this process does itself.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="via"><c>command</c> or <c>daemon</c>.</param>
    /// <param name="token">The token that it is about; null for none.</param>
    /// <param name="scopes">What the token allows, if it was created.</param>
    /// <param name="expiresAt">From when on the token is not valid any more; null for never.</param>
    public void WriteOwn(
        string action,
        string via,
        string? token = null,
        ImmutableArray<string>? scopes = null,
        DateTimeOffset? expiresAt = null
    ) =>
        Write(
            new AuditEntry(action, via, "done")
            {
                Token = token,
                Scopes = scopes,
                ExpiresAt = expiresAt,
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

    /// <summary>Adds an entry about a process that may not use the unix socket. The caller keeps them few.</summary>
    /// <param name="user">The user it runs as.</param>
    /// <param name="pid">The process; 0 if it cannot be seen.</param>
    /// <param name="leftOut">How many such entries were left out before this one.</param>
    public void WriteRefusedPeer(uint user, int pid, int leftOut) =>
        Append(
            _refusedLines,
            new AuditEntry("connect", "unix", "caller_refused")
            {
                Uid = user,
                Pid = pid > 0 ? pid : null,
                LeftOut = leftOut > 0 ? leftOut : null,
            }
        );

    public void Dispose()
    {
        Close(_done, _doneLines);
        Close(_refused, _refusedLines);
    }

    // To close a file would wait for a write that hangs.
    private static void Close(LineFile? file, LineQueue? lines)
    {
        lines?.Dispose();
        if (lines is { IsWritten: true })
        {
            file?.Dispose();
        }
    }

    private LineQueue? QueueOf(LineFile? file) => file is null ? null : new LineQueue(lines => file.Append(lines), Report);

    private void Append(LineQueue? file, AuditEntry entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry with { Time = _time.GetUtcNow() }, AuditJson.Default.AuditEntry);
        file?.Append([.. line, (byte)'\n']);
    }

    private void Report(string problem)
    {
        if (_failures.IsDue())
        {
            Log.Error(
                "The audit log cannot be written, so it lacks what happens now: {Problem:l} Make room, or give this user access to "
                    + "it; the next entry tries again. The daemon goes on meanwhile.",
                problem
            );
        }
    }
}
