using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>
/// A backend without any process or file of its own. Each turn plays the script: <c>thread [id]</c>, <c>say text</c>, <c>gate</c>,
/// <c>hang</c>, <c>ask KIND text</c>, <c>offer KIND text</c> (which does not wait), <c>withdraw text</c>, <c>completed</c>,
/// <c>failed text</c>, <c>unknown-thread</c> (when it resumes one), <c>busy</c>. What a turn has done outlives its actor, as a process
/// would, and is played again from its start when the turn is recovered.
/// </summary>
internal sealed class ScriptedBackend : ICodexBackend
{
    private readonly ConcurrentDictionary<TurnId, ScriptedRun> _running = [];
    private readonly ConcurrentQueue<CodexBackendProtocol.Start> _starts = [];
    private int _waiting;

    public ImmutableArray<string> Script { get; set; } = [];

    /// <summary>All starts, oldest first.</summary>
    public IReadOnlyCollection<CodexBackendProtocol.Start> Starts => _starts;

    /// <summary>How many turns have come to a gate or hang.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>What becomes of an addition to a turn; null if that is never told.</summary>
    public SteerOutcome? Steered { get; set; } = SteerOutcome.NotSupported;

    /// <summary>The additions to turns, oldest first.</summary>
    public ConcurrentQueue<string> Additions { get; } = [];

    /// <summary>What runs the turns that name nothing.</summary>
    public BackendKind Kind { get; set; } = BackendKind.Exec;

    /// <summary>Why that is so.</summary>
    public string? Why { get; set; }

    /// <summary>The answers to questions, oldest first.</summary>
    public ConcurrentQueue<CodexBackendProtocol.Answer> Answers { get; } = [];

    /// <summary>Opens the gate.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether turns that are recovered were never begun.</summary>
    public bool BeginsAgain { get; set; }

    /// <summary>Whether anything of the turn runs.</summary>
    public bool IsRunning(TurnId turn) => _running.TryGetValue(turn, out var run) && run.IsRunning;

    /// <summary>Whether that is only found out when a turn begins.</summary>
    public bool IsChosenLate { get; set; }

    /// <summary>What happens after each choice.</summary>
    public Action Chosen { get; set; } = () => { };

    /// <summary>What runs were made of, oldest first.</summary>
    public ConcurrentQueue<BackendKind?> Kinds { get; } = [];

    public Task<BackendChoice> ChooseAsync(BackendTurn turn)
    {
        var choice = new BackendChoice(turn.Backend ?? Kind, Why);
        Chosen();
        return Task.FromResult(choice);
    }

    public bool IsToBeExec(BackendTurn turn) => (turn.Backend ?? Kind) == BackendKind.Exec && !IsChosenLate;

    public IBackendRun NewRun(BackendTurn turn)
    {
        Kinds.Enqueue(turn.Backend);
        return new ScriptedRun(this, turn);
    }

    public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) =>
        Task.FromResult(
            _running.TryGetValue(turn.TurnId, out var run) && run.Last is { } start
                ? new RecoveredTurn(
                    run,
                    start.Workspace,
                    threadWasLost ? null : start.Thread,
                    start.Baseline,
                    TimeSpan.Zero,
                    !run.IsRunning,
                    start.Tools is { } tools ? ToolTokenHash.Of(tools.Token) : null
                )
                {
                    Backend = Kind,
                }
                : null
        );

    /// <summary>Has the actor that runs the turn fail.</summary>
    public void Crash(TurnId turn) => _running[turn].Actor!.Tell(new Crashing());

    private sealed record Crashing;

    private sealed record Opened;

    private sealed class ScriptedRun(ScriptedBackend backend, BackendTurn turn) : IBackendRun
    {
        private volatile bool _killed;

        public bool IsRunning => Last is not null && !_killed && !HasEnded;

        public bool HasEnded { get; set; }

        public CodexBackendProtocol.Start? Last { get; private set; }

        public ImmutableArray<string> Script { get; private set; } = [];

        public IActorRef? Actor { get; set; }

        public ScriptedBackend Backend => backend;

        public Props PropsOf(IActorRef rollout) => Props.Create(() => new Player(this));

        public Task KillAsync()
        {
            _killed = true;
            return Task.CompletedTask;
        }

        // It has no process, so every connection comes from where its codex would be: the test.
        public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) => Task.FromResult(true);

        public string? NoteSettled()
        {
            backend._running.TryRemove(turn.TurnId, out _);
            return null;
        }

        public void Begin(CodexBackendProtocol.Start start)
        {
            (Last, Script, HasEnded) = (start, backend.Script, false);
            backend._starts.Enqueue(start);
            backend._running[turn.TurnId] = this;
        }
    }

    private sealed class Player : ReceiveActor
    {
        private readonly ScriptedRun _run;
        private ThreadId? _thread;
        private int _next;

        public Player(ScriptedRun run)
        {
            _run = run;
            Receive<CodexBackendProtocol.Start>(start =>
            {
                run.Begin(start);
                Play();
            });
            Receive<CodexBackendProtocol.Reattach>(
                _ => Context.Parent.Tell(CodexBackendProtocol.StartAgain.Instance),
                _ => run.Backend.BeginsAgain
            );
            Receive<CodexBackendProtocol.Reattach>(_ => Play());
            Receive<CodexBackendProtocol.EventsKept>(_ => Play());
            Receive<CodexBackendProtocol.EventsLost>(lost => End(new BackendResult.Failed(BackendFailure.LogUnwritable(lost.Reason))));
            Receive<Opened>(_ => Play());
            Receive<CodexBackendProtocol.Stop>(stop => End(new BackendResult.Stopped(stop.Cause, HasRun: true)), _ => !run.HasEnded);
            Receive<CodexBackendProtocol.Stop>(_ => { });
            Receive<CodexBackendProtocol.Steer>(steer =>
            {
                run.Backend.Additions.Enqueue(steer.Text);
                if (run.Backend.Steered is { } outcome)
                {
                    Context.Parent.Tell(steer.Answer(outcome));
                }
            });
            Receive<CodexBackendProtocol.Answer>(answer =>
            {
                run.Backend.Answers.Enqueue(answer);
                Play();
            });
            Receive<Crashing>(_ => throw new InvalidOperationException("The test has this actor fail."));
        }

        protected override void PreStart()
        {
            _run.Actor = Self;
            _thread = null;
        }

        private void Play()
        {
            while (!_run.HasEnded && _next < _run.Script.Length)
            {
                var step = _run.Script[_next++].Split(' ', 2);
                var text = step.Length > 1 ? step[1].Replace("${prompt}", _run.Last!.Prompt.Text, StringComparison.Ordinal) : "";
                switch (step[0])
                {
                    case "thread":
                        _thread =
                            text.Length > 0 ? ThreadId.Parse(text) : _run.Last!.Thread ?? ThreadId.Parse(Guid.CreateVersion7().ToString());
                        Context.Parent.Tell(new CodexBackendProtocol.ThreadNamed(_thread.Value));
                        break;
                    case "say":
                        Context.Parent.Tell(new CodexBackendProtocol.Events([new CanonicalEvent.TextDelta(text)]));
                        return;
                    case "ask":
                        Ask(text);
                        return;
                    case "offer":
                        Ask(text);
                        break;
                    case "withdraw":
                        Context.Parent.Tell(new CodexBackendProtocol.Withdrawn(IdOf(text)));
                        break;
                    case "gate":
                        Interlocked.Increment(ref _run.Backend._waiting);
                        _run.Backend.Gate.Task.PipeTo(Self, success: () => new Opened());
                        return;
                    case "hang":
                        Interlocked.Increment(ref _run.Backend._waiting);
                        return;
                    case "completed":
                        End(BackendResult.Completed.Instance);
                        return;
                    case "failed":
                        End(new BackendResult.Failed(new TurnFailure("turn_failed", text, TurnErrorClass.Process, Retryable: false)));
                        return;
                    case "unknown-thread" when _run.Last!.Thread is { } lost:
                        Idle(
                            new CodexBackendProtocol.BeginNewThread(
                                new CanonicalEvent.Notice(NoticeCodes.ThreadLost, $"The thread {lost} is unknown.")
                            )
                        );
                        return;
                    case "busy":
                        Idle(new CodexBackendProtocol.WaitForThread("somebody"));
                        return;
                }
            }
        }

        private ApprovalId IdOf(string text) => ApprovalId.Of(_run.Last!.TurnId, text);

        private void Ask(string step)
        {
            var (name, text) = (step.Split(' ', 2)[0], step.Split(' ', 2)[1]);
            _ = ApprovalKinds.TryParse(name, out var kind);
            Interlocked.Increment(ref _run.Backend._waiting);
            Context.Parent.Tell(new CodexBackendProtocol.Asked(new ApprovalQuestion(IdOf(text), kind) { Reason = text }));
        }

        private void Idle(CodexBackendProtocol.IReport report)
        {
            (_next, _run.HasEnded) = (0, true);
            Context.Parent.Tell(report);
        }

        private void End(BackendResult result)
        {
            _run.HasEnded = true;
            Context.Parent.Tell(CodexBackendProtocol.Finishing.Instance);
            Context.Parent.Tell(
                new CodexBackendProtocol.Ended(
                    new BackendEnd(result, _thread ?? _run.Last!.Thread, new Usage(1, 1, 0, 0), new Usage(1, 1, 0, 0))
                    {
                        Total = new Usage(1, 1, 0, 0),
                    }
                )
            );
        }
    }
}
