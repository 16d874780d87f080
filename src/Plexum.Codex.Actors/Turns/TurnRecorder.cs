using System.Collections.Immutable;
using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>
/// Writes a turn down: its events into the log, and its thread into the session file as soon as codex has named it, so that even
/// a turn that dies goes on in its thread. One user at a time.
/// </summary>
public sealed class TurnRecorder(TurnLog log, SessionFile session) : IDisposable
{
    private ThreadId? _saved;

    /// <summary>Whether the event with which a turn begins is written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Writes what codex put out.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Record(EventBatch batch)
    {
        if (batch.Progress.Thread is { } thread && thread != _saved)
        {
            _saved = thread;
            Save(thread);
        }

        Append(batch.Events);
    }

    /// <summary>Writes events.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Append(params ImmutableArray<CanonicalEvent> events)
    {
        if (!events.IsEmpty)
        {
            log.Append(events);
            HasStarted |= events[0] is CanonicalEvent.MessageStart;
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose() => log.Dispose();

    private void Save(ThreadId thread)
    {
        try
        {
            session.Save(thread);
        }
        catch (CodexException e)
        {
            Append(new CanonicalEvent.Notice(NoticeCodes.SessionNotSaved, e.Message));
        }
    }
}
