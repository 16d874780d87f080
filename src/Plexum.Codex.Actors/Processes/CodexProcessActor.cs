using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams;
using Plexum.Codex.Agents;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>
/// Owns one process of codex: starts it, reads its output while it runs, and ends it when it is told to or does not end by itself.
/// Parent: <see cref="AgentActor"/>; no children. Phases: starting, running, reading out. When it fails, its parent stops it,
/// codex is killed, and the turn ends with an error.
/// </summary>
internal sealed partial class CodexProcessActor : ReceiveActor, IWithTimers, IDisposable
{
    private readonly AgentEnvironment _environment;
    private readonly CodexRun _run;
    private readonly StopLadder _ladder;
    private readonly long _stderrStart;
    private CodexProcess? _process;
    private FileTail? _tail;
    private ProcessExit? _exit;
    private bool _readOut;
    private TurnFailure? _failure;
    private ImmutableArray<Survivor> _descendants = [];

    public CodexProcessActor(AgentEnvironment environment, CodexRun run)
    {
        _environment = environment;
        _run = run;
        _ladder = new StopLadder(environment.Settings);
        _stderrStart = run.Adopted is null ? StderrFile.Length(run.Turn.Directory.StderrFile) : 0;
        Starting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AgentEnvironment environment, CodexRun run) =>
        Akka.Actor.Props.Create(() => new CodexProcessActor(environment, run));

    protected override void PreStart()
    {
        if (_run.Adopted is { } codex)
        {
            Self.Tell(new Launched(codex));
            return;
        }

        Offload.Run(LaunchAsync).PipeTo(
            Self,
            success: process => new Launched(process),
            failure: e => new LaunchFailed(e));
    }

    /// <summary>Called by the runtime at the end. codex is left running: a program that stops does not take its turns with it.</summary>
    public void Dispose() => _tail?.Dispose();

    private void Starting()
    {
        Receive<Launched>(OnLaunched);
        Receive<LaunchFailed>(failed => End(null, Explain(failed.Cause)));
        Receive<CodexProcessProtocol.Stop>(stop => _ladder.Demand(stop.Cause, stop.Force));
    }

    private void Running()
    {
        Receive<CodexProcessProtocol.Stop>(stop => StopCodex(stop.Cause, stop.Force));
        Receive<NextStep>(_ => Climb());
        Receive<OutputProgress>(OnProgress);
        Receive<ExitOverdue>(_ => StopCodex(TurnEndCause.StoppedAfterCompletion, force: false));
        Receive<CheckStderr>(_ => CapStderr());
        Receive<Exited>(OnExited);
        Receive<OutputRead>(OnOutputRead);
        Receive<OutputFailed>(OnOutputFailed);
    }

    private async Task<CodexProcess> LaunchAsync()
    {
        var turn = _run.Turn;
        var arguments = _run.CommandLine.ToArguments();
        var binary = turn.Binary ??= await _environment.Binaries.FindAsync().ConfigureAwait(false);
        var settings = _environment.Settings.Environment;
        var variables = (settings with { Added = settings.Added.SetItems(_run.Variables) }).Build(binary, _run.TurnId);
        turn.NoteStart();
        var process = CodexLauncher.Start(binary, arguments, variables, _run.Workspace, turn.Directory);
        turn.Note(process);
        return process;
    }

    private void OnLaunched(Launched launched)
    {
        _process = launched.Process;
        LogStarted(_process.Identity.Pid);
        Become(Running);
        _tail = new FileTail(_run.Turn.Directory.StdoutFile, _environment.Time);
        CodexOutput.Read(_tail, _run.Turn, Self, Context.Materializer());
        _process.Exited.PipeTo(Self, success: exit => new Exited(exit));
        Timers.StartPeriodicTimer(CheckStderr.Instance, CheckStderr.Instance, StderrCheckInterval);
        if (_run.Turn.StopCause is { } begun)
        {
            StopCodex(begun, force: false);
        }
        else if (_ladder.IsDemanded)
        {
            NoteStop();
            Climb();
        }
    }

    private void OnProgress(OutputProgress message)
    {
        if ((message.Progress.IsCompleted || message.Progress.IsFailed) && _exit is null)
        {
            Timers.StartSingleTimer(ExitOverdue.Instance, ExitOverdue.Instance, _environment.Settings.ExitGrace);
        }
    }

    private void StopCodex(TurnEndCause cause, bool force)
    {
        if (_ladder.Demand(cause, force))
        {
            NoteStop();
            Climb();
        }
    }

    // What codex has started is looked up before it is stopped: afterwards a process that left its session has no parent to be known by.
    private void Climb()
    {
        if (_exit is not null || _ladder.Next() is not { } step)
        {
            return;
        }

        _descendants = Survivor.Find(_process!.Identity, _run.TurnId, _descendants);
        LogSignal(step.Signal, _process.Identity.Pid);
        _process.Signal(step.Signal);
        if (step.Grace is { } grace)
        {
            Timers.StartSingleTimer(NextStep.Instance, NextStep.Instance, grace);
        }
    }

    private void OnExited(Exited message)
    {
        _exit = message.Exit;
        Timers.CancelAll();
        LogExited(_process!.Identity.Pid, message.Exit.Describe());
        _tail!.Complete();
        EndWhenReadOut();
    }

    private void OnOutputRead(OutputRead message)
    {
        _readOut = true;
        EndWhenReadOut();
    }

    // The log cannot be written any more: codex must not go on with work that nobody will know of.
    private void OnOutputFailed(OutputFailed message)
    {
        _readOut = true;
        _failure = new TurnFailure(
            "log_unwritable",
            $"The turn was stopped, because its events could not be written down: {message.Cause.Message} Check the space and the permissions of the profile.",
            TurnErrorClass.Host, Retryable: true);
        StopCodex(TurnEndCause.Exited, force: true);
        EndWhenReadOut();
    }

    private void EndWhenReadOut()
    {
        if (_exit is not { } exit || !_readOut)
        {
            return;
        }

        CapStderr();
        DealWithSurvivors();
        LogOutput();
        if (_failure is not null)
        {
            End(null, _failure);
            return;
        }

        var tail = StderrFile.ReadTail(_run.Turn.Directory.StderrFile, _stderrStart);
        End(new TurnEnd(_ladder.Cause ?? TurnEndCause.Exited, exit, TimeSpan.Zero, tail), null);
    }

    private void End(TurnEnd? end, TurnFailure? failure)
    {
        Context.Parent.Tell(new CodexProcessProtocol.Ended(_run.TurnId, end, failure));
        Context.Stop(Self);
    }

    private static TurnFailure Explain(Exception cause) => cause is CodexUnavailableException
        ? new TurnFailure("codex_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false)
        : new TurnFailure("spawn_failed", $"codex could not be started: {cause.Message}", TurnErrorClass.Spawn, Retryable: true);
}
