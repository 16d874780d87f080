using System.Collections.Immutable;
using Plexum.Codex.Logs;
using Plexum.Codex.Sessions;

namespace Plexum.Codex.Turns;

/// <summary>
/// Writes a turn down: its events into the log, and its thread into the session file as soon as it is named, so that even a turn that
/// dies is resumed in its thread. Nothing is written behind the <c>message_end</c>, nor after <see cref="Dispose"/>.
/// </summary>
public sealed class TurnRecorder : IDisposable
{
    private readonly ITurnLogWriter _log;
    private readonly SessionFile _session;
    private readonly LogReplay? _replay;
    private readonly Lock _gate = new();
    private bool _ended;

    /// <summary>Writes a new turn down.</summary>
    public TurnRecorder(ITurnLogWriter log, SessionFile session)
        : this(log, session, LoggedTurn.Nothing)
    {
    }

    /// <summary>Continues the log of a turn that another process began.</summary>
    internal TurnRecorder(ITurnLogWriter log, SessionFile session, LoggedTurn logged)
    {
        (_log, _session) = (log, session);
        HasStarted = logged.HasStart;
        _ended = logged.End is not null;
        _replay = logged.HasStart ? new LogReplay(logged) : null;
    }

    /// <summary>Whether the event with which a turn begins is written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The thread that was named, or null.</summary>
    public ThreadId? Thread { get; private set; }

    /// <summary>Why the thread could not be kept in the session file; null when it could.</summary>
    public string? SessionProblem { get; private set; }

    /// <summary>Keeps the thread in the session file. A failure becomes a notice.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void NameThread(ThreadId thread)
    {
        lock (_gate)
        {
            if (_ended || thread == Thread)
            {
                return;
            }

            Thread = thread;
            try
            {
                _session.Save(thread);
            }
            catch (CodexException e)
            {
                SessionProblem = e.Message;
                Append(new CanonicalEvent.Notice(NoticeCodes.SessionNotSaved, e.Message));
            }
        }
    }

    /// <summary>Writes events.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Append(params ImmutableArray<CanonicalEvent> events)
    {
        lock (_gate)
        {
            var fresh = _replay?.NewOf(events) ?? events;
            if (_ended || fresh.IsEmpty)
            {
                return;
            }

            _log.Append(fresh);
            HasStarted |= fresh[0] is CanonicalEvent.MessageStart;
            _ended = fresh[^1] is CanonicalEvent.MessageEnd;
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _log.Dispose();
        }
    }
}
