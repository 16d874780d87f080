using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Running;

/// <summary>Surviving processes, logging, and the messages that the actor sends itself.</summary>
internal sealed partial class CodexProcessActor
{
    private static readonly TimeSpan OutputCheckInterval = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();

    private void NoteStop()
    {
        try
        {
            _run.Turn.NoteStop(_ladder.Cause!.Value);
        }
        catch (IOException e)
        {
            _log.Warning("codex: the stop of turn {TurnId} could not be recorded: {Error}", _run.TurnId, e.Message);
        }
    }

    // What cannot be listed must not keep codex from being stopped.
    private void NoteDescendants()
    {
        try
        {
            _descendants = FindDescendants();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("codex: the processes of turn {TurnId} could not be listed: {Error}", _run.TurnId, e.Message);
        }
    }

    private ImmutableArray<Survivor> FindDescendants() => Survivor.Find(_process!.Identity, _run.TurnId, _descendants);

    // Stopping a turn kills everything it started. After a turn that ended by itself, survivors are only reported: a server that the
    // model started in the background may be exactly what was asked for.
    private void DealWith(ImmutableArray<Survivor> survivors)
    {
        if (survivors.IsEmpty)
        {
            return;
        }

        var stopped = _ladder.IsDemanded;
        if (stopped)
        {
            foreach (var survivor in survivors)
            {
                survivor.Signal(ProcessSignal.Kill);
            }
        }

        // What codex starts for itself, such as an MCP server, tells nobody anything about the turn, and without a log nobody is told.
        var named = _failure is null ? survivors.Where(survivor => survivor.IsOfCommand).ToArray() : [];
        LogSurvivors(survivors.Except(named), stopped);
        if (named.Length == 0)
        {
            return;
        }

        _run.Sink.Tell(
            new CodexBackendProtocol.Events([
                new CanonicalEvent.Notice(
                    NoticeCodes.Survivors,
                    $"Processes that the turn's commands started outlived codex{(stopped ? " and were killed" : "")}: "
                        + $"{string.Join<Survivor>(", ", named)}."
                ),
            ])
        );
    }

    private void LogSurvivors(IEnumerable<Survivor> untold, bool stopped)
    {
        var processes = string.Join(", ", untold);
        if (processes.Length > 0)
        {
            _log.Info("codex: outlived by {Processes} killed={Killed} turn={TurnId}", processes, stopped, _run.TurnId);
        }
    }

    private void TellStarted(int pid)
    {
        _log.Debug("codex: started turn={TurnId} run={Run} pid={Pid}", _run.TurnId, _run.Number, pid);
        Context.System.EventStream.Publish(new CodexProcessProtocol.Started(_run.TurnId, pid));
    }

    private void TellSignal(ProcessSignal signal, int pid)
    {
        _log.Info("codex: sent {Signal} to process {Pid} turn={TurnId}", signal, pid, _run.TurnId);
        Context.System.EventStream.Publish(new CodexProcessProtocol.SignalSent(_run.TurnId, signal));
    }

    private void LogExited(int pid, string how) => _log.Debug("codex: process {Pid} {How} turn={TurnId}", pid, how, _run.TurnId);

    private sealed record Launched(CodexProcess Process, long StderrStart, CanonicalEvent.Notice? Notice = null);

    private sealed record LaunchFailed(Exception Cause);

    private sealed record Exited(ProcessExit Exit) : IDeadLetterSuppression;

    private sealed record NextStep
    {
        public static NextStep Instance { get; } = new();
    }

    private sealed record ExitOverdue
    {
        public static ExitOverdue Instance { get; } = new();
    }

    private sealed record CheckOutput
    {
        public static CheckOutput Instance { get; } = new();
    }
}
