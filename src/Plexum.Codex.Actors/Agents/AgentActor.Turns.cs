using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Processes;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The way of a turn: prepared, run, perhaps run again, settled.</summary>
public sealed partial class AgentActor
{
    private static readonly TimeSpan FirstThreadWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestThreadWait = TimeSpan.FromSeconds(5);

    private void Prepare(QueuedTurn queued)
    {
        if (queued.Refusal is { } refusal)
        {
            ReturnSlot();
            EndUnstarted(queued, StopReason.Error, HostFailure(new TurnRefusedException(refusal)));
            StartNext();
            return;
        }

        PreparedTurn prepared;
        try
        {
            prepared = _preparation.Open(queued);
        }
        catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
        {
            ReturnSlot();
            End(queued, OutcomeOf(StopReason.Error, HostFailure(e)), HostFailure(e));
            StartNext();
            return;
        }

        var turn = new ActiveTurn(queued, prepared);
        _turn = turn;
        Enter(AgentPhase.Preparing, Preparing);
        Begin(queued);
        Timers.StartSingleTimer(DeadlineTimer, new DeadlineReached(queued.TurnId), TimeoutOf(queued));
        turn.Step = Offload.Run(() => _preparation.CompleteAsync(queued, prepared, turn.Cancellation.Token));
        turn.Step.PipeTo(
            Self,
            success: () => new TurnPrepared(queued.TurnId, null),
            failure: e => new TurnPrepared(queued.TurnId, e));
    }

    private TimeSpan TimeoutOf(QueuedTurn queued) => queued.Request.Timeout ?? _environment.Settings.TurnTimeout;

    private void Begin(QueuedTurn queued)
    {
        _environment.Ledger.Started(queued.TurnId, _environment.Time.GetUtcNow());
        Announce(queued, new AgentProtocol.TurnStarted(_id, queued.TurnId));
    }

    private void OnPrepared(TurnPrepared message)
    {
        if (_turn!.StopCause is { } cause)
        {
            SettleUnstarted(cause);
        }
        else if (message.Failure is { } failure)
        {
            SettleFailed(HostFailure(failure));
        }
        else
        {
            NoteRollout();
        }
    }

    private void StartCodex()
    {
        LogSpawning(_turn!.Queued, _turn.Prepared);
        RunCodex(adopted: null);
    }

    private void RunCodex(CodexProcess? adopted)
    {
        var turn = _turn!;
        turn.Runs++;
        var settings = _environment.Settings;
        var command = new CodexCommandLine
        {
            Resume = turn.Prepared.Resume,
            Model = turn.Queued.Model,
            Sandbox = settings.Sandbox,
            ExtraArgs = settings.ExtraArgs,
            Images = turn.Prepared.Images,
            Overrides = turn.Tools?.Overrides ?? [],
        };
        var run = new CodexRun(turn.Queued.TurnId, turn.Runs, turn.Prepared.Workspace, command, turn.Prepared, adopted)
        {
            Variables = turn.Tools?.Variables ?? ImmutableDictionary<string, string>.Empty,
        };
        turn.Process = Context.ActorOf(
            CodexProcessActor.Props(_environment, run),
            FormattableString.Invariant($"codex-{turn.Queued.TurnId.Value}-{turn.Runs}"));
        Context.WatchWith(turn.Process, new ProcessLost(turn.Queued.TurnId, turn.Process));
        Enter(AgentPhase.Running, Running);
    }

    private void OnProcessEnded(CodexProcessProtocol.Ended ended)
    {
        var turn = _turn!;
        Context.Unwatch(turn.Process!);
        turn.Process = null;
        if (ended.Failure is { } failure)
        {
            SettleFailed(failure);
            return;
        }

        var problem = turn.StopCause is null
            ? turn.Prepared.Mapper!.ResumeProblemOf(ended.End!.Exit, ended.End.StderrTail)
            : ResumeProblem.None;
        if (problem == ResumeProblem.ThreadUnknown)
        {
            BeginNewThread(turn);
        }
        else if (problem != ResumeProblem.ThreadBusy)
        {
            ReadRollout(ended.End!);
        }
        else if (!WaitForThread(turn))
        {
            var busy = ThreadWriter.Failure(_environment, turn.Prepared.Resume!.Value, turn.WaitedForThread);
            ReadRollout(ended.End! with { Failure = busy });
        }
    }

    private void BeginNewThread(ActiveTurn turn)
    {
        Enter(AgentPhase.Preparing, Preparing);
        var prepared = turn.Prepared;
        turn.Step = Offload.Run(() =>
        {
            prepared.Session.SetAside("codex does not know its thread");
            prepared.Recorder!.Append(prepared.Mapper!.BeginNewThread());
            prepared.Resume = null;
            return Task.CompletedTask;
        });
        turn.Step.PipeTo(
            Self,
            success: () => new TurnPrepared(turn.Queued.TurnId, null),
            failure: e => new TurnPrepared(turn.Queued.TurnId, e));
    }

    // The other writer may be a codex that outlived its daemon and is about to end, or a person with the thread open.
    private bool WaitForThread(ActiveTurn turn)
    {
        if (turn.WaitedForThread >= _environment.Settings.ThreadBusyLimit)
        {
            return false;
        }

        if (turn.WaitedForThread == TimeSpan.Zero)
        {
            turn.Prepared.Recorder!.Append(ThreadWriter.Notice(_environment, turn.Prepared.Resume!.Value));
        }

        var wait = turn.WaitedForThread < FirstThreadWait ? FirstThreadWait : turn.WaitedForThread;
        wait = wait > LongestThreadWait ? LongestThreadWait : wait;
        turn.WaitedForThread += wait;
        Enter(AgentPhase.WaitingForThread, WaitingForThread);
        Timers.StartSingleTimer(ThreadTimer, new TryThreadAgain(turn.Queued.TurnId), wait);
        return true;
    }
}
