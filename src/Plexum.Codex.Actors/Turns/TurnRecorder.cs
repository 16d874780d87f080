using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>
/// Records a turn: its events in the log, and its thread in the session file as soon as codex names it, so that the thread survives
/// a crash. Nothing is written after the <c>message_end</c> or after <see cref="Dispose"/>.
/// </summary>
public sealed class TurnRecorder : IDisposable
{
    private readonly ITurnLogWriter _log;
    private readonly SessionFile _session;
    private readonly LogReplay? _replay;
    private readonly Lock _gate = new();
    private bool _ended;

    /// <summary>Records a new turn.</summary>
    public TurnRecorder(ITurnLogWriter log, SessionFile session)
        : this(log, session, LoggedTurn.Nothing) { }

    /// <summary>Continues the log of a turn that another process began.</summary>
    internal TurnRecorder(ITurnLogWriter log, SessionFile session, LoggedTurn logged)
    {
        (_log, _session) = (log, session);
        HasStarted = logged.HasStart;
        _ended = logged.End is not null;
        _replay = logged.HasStart ? new LogReplay(logged) : null;
    }

    /// <summary>Whether the <c>message_start</c> is written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The thread that codex named; null if it has not named one.</summary>
    public ThreadId? Thread { get; private set; }

    /// <summary>Why the thread could not be saved in the session file; null if it was.</summary>
    public string? SessionProblem { get; private set; }

    /// <summary>Saves the thread in the session file. A failure becomes a notice.</summary>
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
