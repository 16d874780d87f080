using System.Collections.Immutable;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>
/// Records a turn: its events in the log, and its thread as the agent's as soon as codex names it, so that the thread survives a crash.
/// Nothing is written after the <c>message_end</c> or after <see cref="Dispose"/>. What it says of the log is true also after a write that
/// failed half-way.
/// </summary>
public sealed class TurnRecorder : IDisposable
{
    private readonly ITurnLogWriter _log;
    private readonly AgentThread _agentThread;
    private readonly LogReplay? _replay;
    private readonly Lock _gate = new();
    private readonly List<ApprovalId> _questions;
    private bool _closed;

    /// <summary>Records a new turn.</summary>
    public TurnRecorder(ITurnLogWriter log, AgentThread agentThread)
        : this(log, agentThread, LoggedTurn.Nothing) { }

    /// <summary>Continues the log of a turn that another process began.</summary>
    internal TurnRecorder(ITurnLogWriter log, AgentThread agentThread, LoggedTurn logged, bool repeatsOutput = true)
    {
        (_log, _agentThread) = (log, agentThread);
        (HasStarted, HasPieces, Error, End) = (logged.HasStart, logged.HasPieces, logged.Error, logged.End);
        _questions = [.. logged.OpenQuestions];
        _replay = logged.HasStart ? new LogReplay(logged, repeatsOutput) : null;
    }

    /// <summary>Whether the <c>message_start</c> is written.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether the log has messages in pieces.</summary>
    public bool HasPieces { get; private set; }

    /// <summary>The error that the log has; null for none. A turn has one at most.</summary>
    public CanonicalEvent.Error? Error { get; private set; }

    /// <summary>The end that the log has; null if it has none yet.</summary>
    public CanonicalEvent.MessageEnd? End { get; private set; }

    /// <summary>The agent's thread, as codex named it; null if it has not named one.</summary>
    public ThreadId? Thread { get; private set; }

    /// <summary>Why the agent must not continue the thread that codex named; null if it may.</summary>
    public TurnFailure? ThreadFailure { get; private set; }

    /// <summary>Why the thread could not be saved in the session file; null if it was.</summary>
    public string? SessionProblem { get; private set; }

    /// <summary>Records the thread as the agent's and saves it in the session file. A failure of the latter becomes a notice.</summary>
    /// <exception cref="ThreadOwnedException">It belongs to another agent.</exception>
    /// <exception cref="ThreadRecordException">The record of threads cannot be used.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void NameThread(ThreadId thread)
    {
        lock (_gate)
        {
            if (IsOver || thread == Thread)
            {
                return;
            }

            Claim(thread);
            Thread = thread;
            try
            {
                _agentThread.Save(thread);
            }
            catch (CodexException e)
            {
                SessionProblem = e.Message;
                Append(new CanonicalEvent.Notice(NoticeCodes.SessionNotSaved, e.Message));
            }
        }
    }

    /// <summary>Writes events. With the end of the turn, the questions that nobody has answered are answered too.</summary>
    /// <exception cref="IOException">The log cannot be written. It may have the first of the events.</exception>
    public void Append(params ImmutableArray<CanonicalEvent> events)
    {
        lock (_gate)
        {
            var fresh = WithAnswers(_replay?.NewOf(events) ?? events);
            if (IsOver || fresh.IsEmpty)
            {
                return;
            }

            var before = _log.LastSeq;
            try
            {
                _log.Append(fresh);
            }
            finally
            {
                Note(fresh.AsSpan()[..(int)(_log.LastSeq - before)]);
            }
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _log.Dispose();
        }
    }

    // Codex waits for none of them any more.
    private ImmutableArray<CanonicalEvent> WithAnswers(ImmutableArray<CanonicalEvent> events)
    {
        var open = events.Any(value => value is CanonicalEvent.MessageEnd) ? _questions.ToArray() : [];
        return [.. open.Select(id => new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, ApprovalAnswerers.Turn)), .. events];
    }

    private bool IsOver => _closed || End is not null;

    private void Note(ReadOnlySpan<CanonicalEvent> written)
    {
        foreach (var value in written)
        {
            HasStarted |= value is CanonicalEvent.MessageStart;
            HasPieces |= value is CanonicalEvent.TextDelta { Item: not null } or CanonicalEvent.ThinkingDelta { Item: not null };
            NoteQuestion(value);
            Error ??= value as CanonicalEvent.Error;
            End ??= value as CanonicalEvent.MessageEnd;
        }
    }

    private void NoteQuestion(CanonicalEvent value)
    {
        if (value is CanonicalEvent.ApprovalRequest asked)
        {
            _questions.Add(asked.Question.Id);
        }
        else if (value is CanonicalEvent.ApprovalAnswer answer)
        {
            _questions.Remove(answer.Id);
        }
    }

    private void Claim(ThreadId thread)
    {
        try
        {
            _agentThread.Claim(thread);
        }
        catch (CodexException e)
        {
            ThreadFailure = BackendFailure.Of(e);
            throw;
        }
    }
}
