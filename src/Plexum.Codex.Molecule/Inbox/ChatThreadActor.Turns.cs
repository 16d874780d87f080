using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>Having codex answer. The key of the turn is the message's id, so however often it is asked for it runs once.</summary>
internal sealed partial class ChatThreadActor
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private TurnId _turn;
    private bool _checking;

    private void Turns()
    {
        Receive<Submitted>(OnSubmitted, IsCurrent);
        Receive<TurnNotice.Ended>(
            ended => Keep(ended.StopReason, ended.Unrecorded), ended => ended.TurnId == _turn && _phase is Phase.Submitting or Phase.Running);
        Receive<TurnNotice.Ended>(_ => { });
        Receive<CheckTurn>(_ => Check());
        Receive<TurnFound>(OnTurnFound);
    }

    private void Submit()
    {
        Enter(Phase.Submitting);
        var (step, entry) = (_step, _entry!);
        _turn = TurnId.New(_environment.Time);
        var request = new TurnRequest(_thread, _environment.WorkspaceOf(_thread), null, [TurnMessage.User(entry.Chat.Text)])
        {
            Timeout = _environment.Settings.TurnTimeout,
        };
        _environment.Registry.Ask<AgentProtocol.IReply>(new AgentProtocol.SubmitTurn(_turn, request, "molecule-" + entry.ActivityId), AnswerLimit)
            .PipeTo(Self, success: answer => new Submitted(step, answer), failure: e => new StepFailed(step, e));
    }

    private void OnSubmitted(Submitted submitted)
    {
        switch (submitted.Answer)
        {
            case AgentProtocol.TurnAccepted accepted:
                Await(accepted);
                break;
            case AgentProtocol.TurnRejected { Refusal: var refusal } when TurnReply.MayPass(refusal):
                OnFailure(new CodexException(refusal.Message));
                break;
            case AgentProtocol.TurnRejected { Refusal: var refusal }:
                LogRefused(refusal.Code);
                KeepText(() => Task.FromResult(TurnReply.Of(refusal)));
                break;
            default:
                OnFailure(new CodexException($"The agent answered with a {submitted.Answer.GetType().Name}, which is a mistake of the program's."));
                break;
        }
    }

    // A turn of an earlier run may be over for long. One of this run is told of; what is missed all the same the ledger knows.
    private void Await(AgentProtocol.TurnAccepted accepted)
    {
        Enter(Phase.Running);
        _turn = accepted.TurnId;
        LogTurn();
        Timers.StartPeriodicTimer(CheckTurn.Instance, CheckTurn.Instance, CheckInterval);
        if (!accepted.IsNew)
        {
            Check();
        }
    }

    private void Check()
    {
        if (_phase != Phase.Running || _checking)
        {
            return;
        }

        _checking = true;
        var (step, turn, ledger) = (_step, _turn, _environment.Ledger);
        FileWork.Run(() => FindAsync(ledger, turn)).PipeTo(Self, success: found => new TurnFound(step, found, null), failure: e => new TurnFound(step, null, e));
    }

    // The end is noted before it is told; with all that was noted written down, the ledger has every end that was told before.
    private static async Task<TurnEntry?> FindAsync(ITurnLedger ledger, TurnId turn)
    {
        await ledger.FlushAsync().ConfigureAwait(false);
        return await ledger.FindTurnAsync(turn).ConfigureAwait(false);
    }

    private void OnTurnFound(TurnFound found)
    {
        _checking = false;
        if (!IsCurrent(found))
        {
            return;
        }

        if (found.Failure is not null || found.Turn is null)
        {
            OnFailure(found.Failure ?? new CodexException($"The ledger does not know the turn {_turn}; it is asked for again."));
        }
        else if (found.Turn.State == TurnState.Ended)
        {
            Keep(found.Turn.StopReason ?? StopReason.Error, null);
        }
    }

    private void Keep(StopReason reason, TurnFailure? unrecorded)
    {
        var (settings, logs, thread, turn) = (_environment.Settings, _environment.Logs, _thread, _turn);
        LogAnswered(reason);
        KeepText(async () => TurnReply.Of(await logs.LookAsync(thread, turn).ConfigureAwait(false), reason, unrecorded, settings));
    }

    private void KeepText(Func<Task<string>> makeText)
    {
        Enter(Phase.Keeping);
        var (step, journal, activity, at) = (_step, _environment.Journal, _entry!.ActivityId, _environment.Time.GetUtcNow());
        FileWork.Run(KeepAsync).PipeTo(Self, success: text => new ReplyKept(step, text), failure: e => new StepFailed(step, e));

        async Task<string> KeepAsync()
        {
            var text = await makeText().ConfigureAwait(false);
            await journal.KeepReplyAsync(activity, text, at).ConfigureAwait(false);
            return text;
        }
    }

    private sealed record CheckTurn
    {
        public static CheckTurn Instance { get; } = new();
    }

    private sealed record Submitted(long Step, AgentProtocol.IReply Answer) : IStep, IDeadLetterSuppression;

    private sealed record TurnFound(long Step, TurnEntry? Turn, Exception? Failure) : IStep, IDeadLetterSuppression;
}
