using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Exec.Tools;
using Plexum.Codex.Exec.Waiting;
using Plexum.Codex.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Plexum.Codex.Waiting;

namespace Plexum.Codex.Exec;

/// <summary>
/// Runs <c>codex exec</c> for one turn: <c>Start → Ready → NoteRollout → Launch → OnProcessEnded → ReadRollout → End</c>.
/// Parent: the turn's actor; child: the <see cref="CodexProcessActor"/> of each attempt. Phases: <see cref="ExecPhase"/>. When it fails,
/// its parent stops it, kills codex and ends the turn with an error.
/// </summary>
internal sealed class ExecTurnActor : ReceiveActor, IWithTimers
{
    private readonly ExecServices _services;
    private readonly ExecTurn _turn;
    private readonly CodexProcess? _found;
    private readonly IActorRef _rollout;
    private readonly SilentStart _silence;
    private readonly ThreadRelease _release;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ExecPhase _phase;
    private CodexBackendProtocol.Start? _start;
    private ThreadSighting? _seen;
    private ToolRegistration? _registration;
    private IActorRef? _process;
    private (StopCause Cause, bool Force)? _stop;
    private ExecEnd? _unread;
    private TurnFailure? _lost;
    private bool _rolloutLost;

    public ExecTurnActor(ExecServices services, ExecTurn turn, CodexProcess? found, IActorRef rollout)
    {
        (_services, _turn, _found, _rollout) = (services, turn, found, rollout);
        _silence = new SilentStart(services, turn);
        _release = new ThreadRelease(services.Loaded);
        Receive<CodexBackendProtocol.Start>(OnStart);
        Receive<CodexBackendProtocol.Reattach>(OnReattach);
        Receive<Ready>(OnReady);
        Receive<CodexConfigProtocol.IAnswer>(OnConfigured);
        Receive<RolloutProtocol.StartNoted>(noted => OnNoted(noted.Mark), _ => _phase == ExecPhase.Noting);
        Receive<CodexBackendProtocol.Stop>(OnStop);
        Receive<CodexBackendProtocol.Steer>(steer => Sender.Tell(steer.Answer(SteerOutcome.NotSupported)));
        Receive<CodexProcessProtocol.Ended>(OnProcessEnded);
        Receive<ProcessLost>(_ => Context.Stop(Self));
        Receive<WriterFound>(OnWriterFound);
        Receive<ThreadLocated>(OnThreadLocated);
        Receive<RolloutProtocol.TurnRead>(read => Finish(read.Findings), _ => _phase == ExecPhase.Reading);
        Receive<RolloutLost>(_ => OnRolloutLost());
        Receive<StillSilent>(silent => _silence.On(silent, Context.Parent, Self, _phase == ExecPhase.Noting), _ => _stop is null);
        Receive<CodexBackendProtocol.Events>(_ => Sender.Tell(CodexBackendProtocol.EventsKept.Instance));
        Receive<CodexBackendProtocol.IEventsAnswer>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ExecServices services, ExecTurn turn, CodexProcess? found, IActorRef rollout) =>
        Akka.Actor.Props.Create(() => new ExecTurnActor(services, turn, found, rollout));

    protected override void PreStart() => Context.WatchWith(_rollout, RolloutLost.Instance);

    /// <summary>A failed process actor is not restarted: a second codex for the same turn would do its work twice.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnStart(CodexBackendProtocol.Start start)
    {
        Enter(ExecPhase.Readying);
        (_start, _seen) = (start, start.ThreadSeen);
        _silence.Watch(Timers);
        _turn.Mapper ??= new TurnMapper(_turn.TurnId, _turn.AgentId, start.Thread, start.Baseline);
        FileWork.Run(() => ReadyAsync(start)).PipeTo(Self, success: () => new Ready(null), failure: e => new Ready(e));
    }

    // A later attempt reuses what the first one wrote and found.
    private async Task ReadyAsync(CodexBackendProtocol.Start start)
    {
        ExecTurn.ThrowIfToAsk(start);
        _turn.WritePrompt(start);
        await _release.OfAsync(start.Thread).ConfigureAwait(false);
        if (start.Thread is { } thread)
        {
            await _services.HideHostToolsAsync(thread, _log).ConfigureAwait(false);
        }

        _turn.Binary ??= await _services.Binaries.FindAsync().ConfigureAwait(false);
        _turn.Sandbox ??= await _services
            .Sandboxes.PrepareAsync(start.Sandbox, _turn.Binary, start.Workspace, start.SandboxIsRequested)
            .ConfigureAwait(false);
    }

    private void OnReady(Ready ready)
    {
        // Once per thread.
        if (ready.Failure is null && _start!.Thread is null && _turn.Sandbox?.Notice is { } notice)
        {
            Context.Parent.Tell(new CodexBackendProtocol.Events([notice]));
        }

        if (ready.Failure is ThreadBusyException)
        {
            SilentStart.Stop(Timers);
            OnWriterFound(new WriterFound("codex's app-server"));
        }
        else if (ready.Failure is { } failure && _stop is null)
        {
            End(BackendEnd.Without(new BackendResult.Failed(LaunchFaults.FailureOf(failure)), _start!.Thread));
        }
        else if (_start!.Tools is not { } server || _registration is not null || _stop is not null)
        {
            NoteRollout();
        }
        else if (_services.Settings.ToolRegistration == ToolRegistrationMode.Override)
        {
            _registration = ToolRegistration.Required(server);
            NoteRollout();
        }
        else if (_services.CodexConfig is { } config)
        {
            config.Tell(new CodexConfigProtocol.Register(_turn.TurnId, server));
        }
        else
        {
            GoWithoutTools("this program does not edit codex's configuration");
        }
    }

    private void OnConfigured(CodexConfigProtocol.IAnswer answer)
    {
        if (answer is CodexConfigProtocol.Registered registered)
        {
            _registration = ToolRegistration.OverEntry(_start!.Tools!, registered.Servers);
            NoteRollout();
        }
        else
        {
            GoWithoutTools(((CodexConfigProtocol.NotRegistered)answer).Reason);
        }
    }

    private void GoWithoutTools(string reason)
    {
        _log.Warning("codex: mcp registration fail agent={AgentId} turn={TurnId} err={Error}", _turn.AgentId, _turn.TurnId, reason);
        _start = _start! with { Tools = null };
        Context.Parent.Tell(new CodexBackendProtocol.Events([BackendFailure.ToolsUnavailable(reason)]));
        NoteRollout();
    }

    // Repeated before each start of codex, since another process may have written to the thread meanwhile.
    private void NoteRollout()
    {
        _turn.Rollout = null;
        if (_stop is { } stop)
        {
            EndUnstarted(stop.Cause);
        }
        else if (_start!.Thread is { } thread && !_rolloutLost)
        {
            Enter(ExecPhase.Noting);
            _rollout.Tell(new RolloutProtocol.NoteStart(_turn.TurnId, thread));
        }
        else
        {
            Launch(_start, null);
        }
    }

    private void OnNoted(RolloutMark? mark)
    {
        _turn.Rollout = mark;
        if (_stop is { } stop)
        {
            EndUnstarted(stop.Cause);
        }
        else
        {
            Launch(_start!, null);
        }
    }

    private void OnReattach(CodexBackendProtocol.Reattach reattach)
    {
        _seen = reattach.ThreadSeen;
        _silence.Watch(Timers);
        Launch(null, _found);
    }

    private void Launch(CodexBackendProtocol.Start? start, CodexProcess? found)
    {
        Enter(ExecPhase.Running);
        var number = start?.Attempt ?? 1;
        var command = _turn.CommandLineOf(start, _services.Settings.ExtraArgs, _registration?.Overrides ?? []);
        var run = new CodexRun(_turn.TurnId, number, start, command, _turn, Context.Parent, found)
        {
            Variables = _registration?.Variables ?? ImmutableDictionary<string, string>.Empty,
        };
        _process = Context.ActorOf(
            CodexProcessActor.Props(_services, run),
            FormattableString.Invariant($"codex-{_turn.TurnId.Value}-{number}")
        );
        Context.WatchWith(_process, ProcessLost.Instance);
    }

    private void OnStop(CodexBackendProtocol.Stop stop)
    {
        _stop ??= (stop.Cause, stop.Force);
        _release.Stop();
        if (_phase == ExecPhase.Running)
        {
            _process!.Tell(new CodexProcessProtocol.Stop(_stop.Value.Cause.ToEndCause(), stop.Force));
        }
    }

    private void OnProcessEnded(CodexProcessProtocol.Ended ended)
    {
        Context.Unwatch(_process!);
        SilentStart.Stop(Timers);
        _lost = ended.Failure;
        if (ended.End is null)
        {
            End(BackendEnd.Without(new BackendResult.Failed(_lost!), _turn.Mapper!.Progress.Thread ?? _turn.Thread));
            return;
        }

        var problem =
            _stop is null && _lost is null ? _turn.Mapper!.ResumeProblemOf(ended.End.Exit, ended.End.StderrTail) : ResumeProblem.None;
        switch (problem)
        {
            case ResumeProblem.None:
                ReadRollout(ended.End);
                break;
            case ResumeProblem.ThreadBusy:
                Enter(ExecPhase.FindingWriter);
                var path = ThreadWriterLock.PathOf(_services.Settings.CodexHome, _turn.Thread!.Value);
                FileWork
                    .Run(() => LockHolder.Find(path)?.ToString())
                    .PipeTo(Self, success: writer => new WriterFound(writer), failure: _ => new WriterFound(null));
                break;
            default:
                Enter(ExecPhase.Locating);
                FileWork
                    .Run(() => LocateThread(problem))
                    .PipeTo(
                        Self,
                        success: found => new ThreadLocated(problem, ended.End.StderrTail, found),
                        failure: e => new ThreadLocated(problem, ended.End.StderrTail, ThreadWhereabouts.Unreachable(e.Message))
                    );
                break;
        }
    }

    private ThreadWhereabouts LocateThread(ResumeProblem problem)
    {
        var found = new ThreadLocator(_services.Settings.CodexHome, _services.Time).Locate(_turn.Thread!.Value, _seen);
        if (ThreadRefusal.GivesUp(problem, found))
        {
            _turn.NoteRefusal();
        }

        return found;
    }

    // That codex does not find a thread is no reason to give it up: its disk may not be mounted.
    private void OnThreadLocated(ThreadLocated located)
    {
        if (_stop is { } stop)
        {
            EndUnstarted(stop.Cause);
        }
        else if (ThreadRefusal.GivesUp(located.Problem, located.Found))
        {
            Enter(ExecPhase.Idle);
            Context.Parent.Tell(new CodexBackendProtocol.BeginNewThread(_turn.Mapper!.BeginNewThread()));
        }
        else
        {
            var refusal = new ThreadRefusal(_turn.AgentId, _turn.Thread!.Value, _services.Settings.CodexHome);
            var failed = new BackendResult.Failed(refusal.Explain(located.Problem, located.Words, located.Found));
            End(new BackendEnd(failed, _turn.Thread, Usage.Zero, _start?.Baseline ?? Usage.Zero));
        }
    }

    // codex locks each thread that it writes to, and the kernel knows the holder.
    private void OnWriterFound(WriterFound found)
    {
        if (_stop is { } stop)
        {
            EndUnstarted(stop.Cause);
            return;
        }

        Enter(ExecPhase.Idle);
        Context.Parent.Tell(new CodexBackendProtocol.WaitForThread(found.Writer ?? "another process"));
    }

    // A codex that has not begun wrote nothing, and a new thread without a name cannot be found.
    private void ReadRollout(ExecEnd end)
    {
        Enter(ExecPhase.Reading);
        _unread = end;
        Context.Parent.Tell(CodexBackendProtocol.Finishing.Instance);
        if (_rolloutLost)
        {
            OnRolloutLost();
        }
        else if (_turn.Mapper!.WorkedIn is { } thread)
        {
            // Tool calls that cannot be written either are read all the same, for the tokens that stand behind them.
            var reader = _lost is null ? Context.Parent : Self;
            _rollout.Tell(new RolloutProtocol.ReadTurn(_turn.TurnId, thread, _turn.Thread, _turn.Rollout, reader));
        }
        else
        {
            Finish(RolloutFindings.None);
        }
    }

    // The reply will not come, so the turn ends without its tool calls.
    private void OnRolloutLost()
    {
        _rolloutLost = true;
        switch (_phase)
        {
            case ExecPhase.Noting:
                OnNoted(null);
                break;
            case ExecPhase.Reading:
                Finish(
                    RolloutFindings.Of(
                        NoticeCodes.RolloutUnreadable,
                        "plexum-codex failed while reading the turn's tool calls, so some may be missing; see the program's log."
                    )
                );
                break;
        }
    }

    private void Finish(RolloutFindings findings)
    {
        var end = _turn.Mapper!.Finish(_unread! with { Rollout = findings }) with
        {
            CodexHome = _turn.Mapper.WorkedIn is null ? null : _services.Settings.CodexHome,
        };

        // What the turn has used is known, even if its events could not be written.
        End(_lost is { } lost ? end with { Result = new BackendResult.Failed(lost), Answer = null, Notices = [] } : end);
    }

    private void EndUnstarted(StopCause cause) =>
        End(BackendEnd.Without(new BackendResult.Stopped(cause, HasRun: false), _start?.Thread ?? _turn.Thread));

    private void End(BackendEnd end)
    {
        Enter(ExecPhase.Ended);
        Context.Parent.Tell(new CodexBackendProtocol.Ended(end));
    }

    private void Enter(ExecPhase phase)
    {
        if (!ExecPhases.Allow(_phase, phase))
        {
            throw new InvalidOperationException($"codex exec of turn {_turn.TurnId} cannot go from {_phase} to {phase}.");
        }

        _phase = phase;
    }

    private sealed record Ready(Exception? Failure) : IDeadLetterSuppression;

    private sealed record WriterFound(string? Writer) : IDeadLetterSuppression;

    private sealed record ThreadLocated(ResumeProblem Problem, string Words, ThreadWhereabouts Found) : IDeadLetterSuppression;

    private sealed record ProcessLost : IDeadLetterSuppression
    {
        public static ProcessLost Instance { get; } = new();
    }

    private sealed record RolloutLost : IDeadLetterSuppression
    {
        public static RolloutLost Instance { get; } = new();
    }
}
