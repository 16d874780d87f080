using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Launching;
using Plexum.Codex.Processes.Search;
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
    private readonly OutputCaps _caps;
    private long _stderrStart;
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
        _caps = new OutputCaps(services.Settings, run.Turn, _log);
        Starting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ExecServices services, CodexRun run) => Akka.Actor.Props.Create(() => new CodexProcessActor(services, run));

    protected override void PreStart()
    {
        if (_run.Found is { } codex)
        {
            Self.Tell(new Launched(codex, StderrStart: 0));
            return;
        }

        var stderrStart = 0L;
        CanonicalEvent.Notice? notice = null;
        _run.Turn.LaunchAsync(LaunchAsync)
            .PipeTo(Self, success: process => new Launched(process, stderrStart, notice), failure: e => new LaunchFailed(e));

        Task<CodexProcess> LaunchAsync()
        {
            stderrStart = StderrFile.Length(_run.Turn.Directory.StderrFile);
            notice = _run.Turn.LookAtInstructions(_run.Start!);
            return StartCodexAsync();
        }
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
        ReceiveAsync<Launched>(OnLaunchedAsync);
        Receive<LaunchFailed>(failed => End(null, Explain(failed.Cause)));
        Receive<CodexProcessProtocol.Stop>(stop => _ladder.Demand(stop.Cause, stop.Force));
    }

    private void Running()
    {
        ReceiveAsync<CodexProcessProtocol.Stop>(stop => StopCodexAsync(stop.Cause, stop.Force));
        ReceiveAsync<NextStep>(_ => ClimbAsync());
        Receive<CodexProcessProtocol.OutputProgress>(OnProgress);
        ReceiveAsync<ExitOverdue>(_ => StopCodexAsync(ExecEndCause.StoppedAfterCompletion, force: false));
        ReceiveAsync<CheckOutput>(_ => CheckOutputAsync());
        ReceiveAsync<Exited>(OnExitedAsync);
        ReceiveAsync<CodexProcessProtocol.OutputRead>(OnOutputReadAsync);
        ReceiveAsync<CodexProcessProtocol.OutputFailed>(OnOutputFailedAsync);
    }

    private async Task<CodexProcess> StartCodexAsync()
    {
        var turn = _run.Turn;
        var commands = ShellPolicy.Overrides(_services.Settings.HiddenVariables, _run.TurnId, _services.Settings.CodexHome);
        var binary = turn.Binary ??= await _services.Binaries.FindAsync().ConfigureAwait(false);
        var workspace = _run.Start!.Workspace;

        // In the workspace, a shim would run what a command in a sandbox has had a file name, and outside the sandbox. Without a sandbox a
        // command can do that anyway, and a script may count on the workspace.
        var elsewhere = binary.IsShim && _run.CommandLine.Sandbox != CodexSandbox.None ? TrustedPlace.Outside(workspace) : null;
        var arguments = (
            _run.CommandLine with
            {
                Directory = elsewhere is null ? null : workspace,
                Overrides = _run.CommandLine.Overrides.AddRange(commands),
            }
        ).ToArguments();
        var settings = _services.Settings.Environment;
        var variables = (settings with { Added = settings.Added.SetItems(_run.Variables) }).Build(binary, _run.TurnId);
        turn.NoteStart(_run.Start);
        var umask = _services.Settings.Umask;
        var process = CodexLauncher.Start(binary, arguments, variables, workspace, turn.Directory, umask, elsewhere);
        turn.Note(process);
        return process;
    }

    private async Task OnLaunchedAsync(Launched launched)
    {
        (_process, _stderrStart) = (launched.Process, launched.StderrStart);
        TellStarted(_process.Identity.Pid);
        if (launched.Notice is { } notice)
        {
            _run.Sink.Tell(new CodexBackendProtocol.Events([notice]));
        }

        Become(Running);
        _tail = await FileWork.Run(() => new FileTail(_run.Turn.Directory.StdoutFile, _services.Time, _run.Turn.OutputRead));
        CodexOutput.Read(_tail, _run.Turn.Mapper!, _run.Sink, Self, Context.Materializer(), _gone.Token);
        _ = _process.Exited.PipeTo(Self, success: exit => new Exited(exit));
        Timers.StartPeriodicTimer(CheckOutput.Instance, CheckOutput.Instance, OutputCheckInterval);
        if (_run.Turn.StopCause is { } begun)
        {
            await StopCodexAsync(begun, force: false);
        }
        else if (_ladder.IsDemanded)
        {
            await FileWork.Run(NoteStop);
            await ClimbAsync();
        }
    }

    private void OnProgress(CodexProcessProtocol.OutputProgress message)
    {
        if ((message.Progress.IsCompleted || message.Progress.IsFailed) && _exit is null)
        {
            Timers.StartSingleTimer(ExitOverdue.Instance, ExitOverdue.Instance, _services.Settings.ExitGrace);
        }
    }

    // Told to stop, a codex that prints without end would go on until it obeys; so it is killed.
    private async Task CheckOutputAsync()
    {
        if (_exit is null && await FileWork.Run(_caps.Check))
        {
            await StopCodexAsync(ExecEndCause.OutputTooLarge, force: true);
        }
    }

    private async Task StopCodexAsync(ExecEndCause cause, bool force)
    {
        if (_ladder.Demand(cause, force))
        {
            await FileWork.Run(NoteStop);
            await ClimbAsync();
        }
    }

    // Find codex's descendants before it is stopped: afterwards, one that left the session no longer has a parent that identifies it.
    private async Task ClimbAsync()
    {
        if (_exit is not null || _ladder.Next() is not { } step)
        {
            return;
        }

        try
        {
            await FileWork.Run(NoteDescendants);
            await FileWork.Run(() => _process!.Signal(step.Signal));
        }
        catch (Exception e) when (step.Grace is not null)
        {
            // The next step may succeed. Of the last one, what fails fails the actor, whose parent then kills all that it can.
            _log.Warning("codex: {Signal} did not reach all of turn {TurnId}: {Error}", step.Signal, _run.TurnId, e.Message);
        }

        if (step.Grace is { } grace)
        {
            Timers.StartSingleTimer(NextStep.Instance, NextStep.Instance, grace);
        }

        TellSignal(step.Signal, _process!.Identity.Pid);
    }

    private Task OnExitedAsync(Exited message)
    {
        _exit = message.Exit;
        Timers.CancelAll();
        LogExited(_process!.Identity.Pid, message.Exit.Describe());
        _tail!.Complete();
        return EndWhenReadOutAsync();
    }

    private Task OnOutputReadAsync(CodexProcessProtocol.OutputRead message)
    {
        _readOut = true;
        _run.Turn.OutputRead = _tail!.Position;
        return EndWhenReadOutAsync();
    }

    // The turn's log can no longer be written, so codex must not continue work that nobody will see.
    private async Task OnOutputFailedAsync(CodexProcessProtocol.OutputFailed message)
    {
        _readOut = true;
        _failure = BackendFailure.LogUnwritable(message.Reason);
        await StopCodexAsync(ExecEndCause.Exited, force: true);
        await EndWhenReadOutAsync();
    }

    private async Task EndWhenReadOutAsync()
    {
        if (_exit is not { } exit || !_readOut)
        {
            return;
        }

        await FileWork.Run(_caps.CutStderr);
        DealWith(await FileWork.Run(FindDescendants));
        CodexOutput.LogFlaws(_run.Turn.Mapper!, _run.TurnId, _log);
        var tail = await FileWork.Run(() => StderrFile.ReadTail(_run.Turn.Directory.StderrFile, _stderrStart));
        End(new ExecEnd(_ladder.Cause ?? ExecEndCause.Exited, exit, tail), _failure);
    }

    private void End(ExecEnd? end, TurnFailure? failure)
    {
        Context.Parent.Tell(new CodexProcessProtocol.Ended(_run.TurnId, end, failure));
        Context.Stop(Self);
    }

    private static TurnFailure Explain(Exception cause) =>
        cause switch
        {
            CodexUnavailableException => new TurnFailure("codex_unavailable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            CodexConfigException => new TurnFailure("codex_config_unusable", cause.Message, TurnErrorClass.Spawn, Retryable: false),
            _ => new TurnFailure("spawn_failed", $"codex could not be started: {cause.Message}", TurnErrorClass.Spawn, Retryable: true),
        };
}
