using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>
/// Owns one codex process: starts it, reads its output while it runs, and stops it on request or when it does not exit by itself.
/// Parent: <see cref="ExecTurnActor"/>; no children. Phases: starting, running, reading the rest of the output. When it fails, its
/// parent stops it, codex is killed, and the turn ends with an error.
/// </summary>
internal sealed partial class CodexProcessActor : ReceiveActor, IWithTimers, IDisposable
{
    private readonly ExecServices _services;
    private readonly CancellationTokenSource _gone = new();
    private readonly CodexRun _run;
    private readonly StopLadder _ladder;
    private readonly long _stderrStart;
    private CodexProcess? _process;
    private FileTail? _tail;
    private ProcessExit? _exit;
    private bool _readOut;
    private TurnFailure? _failure;
    private ImmutableArray<Survivor> _descendants = [];

    public CodexProcessActor(ExecServices services, CodexRun run)
    {
        _services = services;
        _run = run;
        _ladder = new StopLadder(services.Settings);
        _stderrStart = run.Found is null ? StderrFile.Length(run.Turn.Directory.StderrFile) : 0;
        Starting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ExecServices services, CodexRun run) => Akka.Actor.Props.Create(() => new CodexProcessActor(services, run));

    protected override void PreStart()
    {
        if (_run.Found is { } codex)
        {
            Self.Tell(new Launched(codex));
            return;
        }

        _run.Turn.LaunchAsync(LaunchAsync).PipeTo(Self, success: process => new Launched(process), failure: e => new LaunchFailed(e));
    }

    /// <summary>Called by Akka.NET when the actor stops. It leaves codex running, because turns outlive the program.</summary>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _tail?.Dispose();
    }

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
        Receive<CodexProcessProtocol.OutputProgress>(OnProgress);
        Receive<ExitOverdue>(_ => StopCodex(ExecEndCause.StoppedAfterCompletion, force: false));
        Receive<CheckStderr>(_ => CapStderr());
        Receive<Exited>(OnExited);
        Receive<CodexProcessProtocol.OutputRead>(OnOutputRead);
        Receive<CodexProcessProtocol.OutputFailed>(OnOutputFailed);
    }

    private async Task<CodexProcess> LaunchAsync()
    {
        var turn = _run.Turn;
        var arguments = _run.CommandLine.ToArguments();
        var binary = turn.Binary ??= await _services.Binaries.FindAsync().ConfigureAwait(false);
        var settings = _services.Settings.Environment;
        var variables = (settings with { Added = settings.Added.SetItems(_run.Variables) }).Build(binary, _run.TurnId);
        turn.NoteStart(_run.Start!);
        var process = CodexLauncher.Start(binary, arguments, variables, _run.Start!.Workspace, turn.Directory);
        turn.Note(process);
        return process;
    }

    private void OnLaunched(Launched launched)
    {
        _process = launched.Process;
        TellStarted(_process.Identity.Pid);
        Become(Running);
        _tail = new FileTail(_run.Turn.Directory.StdoutFile, _services.Time);
        CodexOutput.Read(_tail, _run.Turn.Mapper!, _run.Sink, Self, Context.Materializer(), _gone.Token);
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

    private void OnProgress(CodexProcessProtocol.OutputProgress message)
    {
        if ((message.Progress.IsCompleted || message.Progress.IsFailed) && _exit is null)
        {
            Timers.StartSingleTimer(ExitOverdue.Instance, ExitOverdue.Instance, _services.Settings.ExitGrace);
        }
    }

    private void StopCodex(ExecEndCause cause, bool force)
    {
        if (_ladder.Demand(cause, force))
        {
            NoteStop();
            Climb();
        }
    }

    // Find codex's descendants before it is stopped: afterwards, one that left the session no longer has a parent that identifies it.
    private void Climb()
    {
        if (_exit is not null || _ladder.Next() is not { } step)
        {
            return;
        }

        _descendants = Survivor.Find(_process!.Identity, _run.TurnId, _descendants);
        _process.Signal(step.Signal);
        if (step.Grace is { } grace)
        {
            Timers.StartSingleTimer(NextStep.Instance, NextStep.Instance, grace);
        }

        TellSignal(step.Signal, _process.Identity.Pid);
    }

    private void OnExited(Exited message)
    {
        _exit = message.Exit;
        Timers.CancelAll();
        LogExited(_process!.Identity.Pid, message.Exit.Describe());
        _tail!.Complete();
        EndWhenReadOut();
    }

    private void OnOutputRead(CodexProcessProtocol.OutputRead message)
    {
        _readOut = true;
        EndWhenReadOut();
    }

    // The turn's log can no longer be written, so codex must not continue work that nobody will see.
    private void OnOutputFailed(CodexProcessProtocol.OutputFailed message)
    {
        _readOut = true;
        _failure = BackendFailure.LogUnwritable(message.Reason);
        StopCodex(ExecEndCause.Exited, force: true);
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
        End(new ExecEnd(_ladder.Cause ?? ExecEndCause.Exited, exit, tail), null);
    }

    private void End(ExecEnd? end, TurnFailure? failure)
    {
        Context.Parent.Tell(new CodexProcessProtocol.Ended(_run.TurnId, end, failure));
        Context.Stop(Self);
    }

    private static TurnFailure Explain(Exception cause) =>
        cause is CodexUnavailableException
            ? new TurnFailure("codex_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false)
            : new TurnFailure("spawn_failed", $"codex could not be started: {cause.Message}", TurnErrorClass.Spawn, Retryable: true);
}
