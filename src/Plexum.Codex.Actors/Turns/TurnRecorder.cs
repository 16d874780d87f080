using System.Collections.Immutable;
using Plexum.Codex.Logs;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>
/// Writes a turn down: its events into the log, and its thread into the session file as soon as codex has named it, so that even
/// a turn that dies goes on in its thread. Behind the
/// <c>message_end</c> nothing is written: what an abandoned turn's codex still had to say comes too late.
/// </summary>
public sealed class TurnRecorder : IDisposable
{
    private readonly ITurnLogWriter _log;
    private readonly SessionFile _session;
    private readonly LogReplay? _replay;
    private readonly Lock _gate = new();
    private ThreadId? _saved;
    private bool _ended;

    /// <summary>Writes a new turn down.</summary>
    public TurnRecorder(ITurnLogWriter log, SessionFile session)
        : this(log, session, LoggedTurn.Nothing)
    {
    }

    /// <summary>Goes on with a turn that another process has begun to write down.</summary>
    internal TurnRecorder(ITurnLogWriter log, SessionFile session, LoggedTurn logged)
    {
        (_log, _session) = (log, session);
        HasStarted = logged.HasStart;
        _ended = logged.End is not null;
        _replay = logged.HasStart ? new LogReplay(logged) : null;
    }

    /// <summary>Whether the event with which a turn begins is written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The thread that codex has named, or null.</summary>
    public ThreadId? Thread
    {
        get
        {
            lock (_gate)
            {
                return _saved;
            }
        }
    }

    /// <summary>Writes what codex put out.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Record(EventBatch batch)
    {
        lock (_gate)
        {
            if (!_ended && batch.Progress.Thread is { } thread && thread != _saved)
            {
                _saved = thread;
                Save(thread);
            }

            Write(_replay?.OfOutput(batch.Events) ?? batch.Events);
        }
    }

    /// <summary>Writes events that are not from codex's output.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Append(params ImmutableArray<CanonicalEvent> events)
    {
        lock (_gate)
        {
            Write(_replay?.OfProgram(events) ?? events);
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

    /// <summary>Why the thread could not be kept in the session file; null when it could.</summary>
    public string? SessionProblem { get; private set; }

    private void Write(ImmutableArray<CanonicalEvent> events)
    {
        if (_ended || events.IsEmpty)
        {
            return;
        }

        _log.Append(events);
        HasStarted |= events[0] is CanonicalEvent.MessageStart;
        _ended = events[^1] is CanonicalEvent.MessageEnd;
    }

    private void Save(ThreadId thread)
    {
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
