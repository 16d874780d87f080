using System.Collections.Immutable;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>
/// Writes a turn down: its events into the log, and its thread into the session file as soon as codex has named it, so that even
/// a turn that dies goes on in its thread. Behind the
/// <c>message_end</c> nothing is written: what an abandoned turn's codex still had to say comes too late.
/// </summary>
public sealed class TurnRecorder(TurnLog log, SessionFile session) : IDisposable
{
    private readonly Lock _gate = new();
    private ThreadId? _saved;
    private bool _ended;

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

            Append(batch.Events);
        }
    }

    /// <summary>Writes events.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Append(params ImmutableArray<CanonicalEvent> events)
    {
        lock (_gate)
        {
            if (_ended || events.IsEmpty)
            {
                return;
            }

            log.Append(events);
            HasStarted |= events[0] is CanonicalEvent.MessageStart;
            _ended = events[^1] is CanonicalEvent.MessageEnd;
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            log.Dispose();
        }
    }

    /// <summary>Why the thread could not be kept in the session file; null when it could.</summary>
    public string? SessionProblem { get; private set; }

    private void Save(ThreadId thread)
    {
        try
        {
            session.Save(thread);
        }
        catch (CodexException e)
        {
            SessionProblem = e.Message;
            Append(new CanonicalEvent.Notice(NoticeCodes.SessionNotSaved, e.Message));
        }
    }
}
