using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Taking turns in, handing them on in order, and taking them out again.</summary>
public sealed partial class AgentActor
{
    // Submissions are checked one after the other, so that the order in which they came is the order in which they run.
    private async Task OnSubmit(AgentProtocol.SubmitTurn command)
    {
        var submitter = Sender;
        AgentProtocol.IReply answer;
        try
        {
            answer = await Admit(command, submitter);
        }
        catch (LedgerUnavailableException e)
        {
            answer = Refuse(command.TurnId, new TurnRefusal(TurnRefusalReason.LedgerUnavailable, e.Message));
        }

        submitter.Tell(answer);
        if (_phase == AgentPhase.Idle && _queue.Head is not null)
        {
            StartNext();
        }
    }

    private async Task<AgentProtocol.IReply> Admit(AgentProtocol.SubmitTurn command, IActorRef submitter)
    {
        var (turnId, request, key) = (command.TurnId, command.Request, command.IdempotencyKey);
        if (key is not null && await _environment.Ledger.FindByKeyAsync(_id, key) is { } known)
        {
            return new AgentProtocol.TurnAccepted(_id, known, PositionOf(known), IsNew: false);
        }

        var checkedTurn = await Offload.Run(() => TurnCheck.Of(request, _environment.Settings));
        if (checkedTurn.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
        }

        if (_queue.IsFull)
        {
            return Refuse(turnId, new TurnRefusal(TurnRefusalReason.QueueFull,
                $"codex: agent {_id} has {_queue.Count} turns waiting, which is the most it may have; wait for one to end, or raise turns.queue-limit"));
        }

        var receipt = await Offload.Run(() => _environment.Ledger.AcceptAsync(turnId, request, key, _environment.Time.GetUtcNow()));
        if (!receipt.IsNew)
        {
            return new AgentProtocol.TurnAccepted(_id, receipt.TurnId, PositionOf(receipt.TurnId), IsNew: false);
        }

        _queue.Add(new QueuedTurn(turnId, request, checkedTurn.Prompt!, checkedTurn.Model, submitter)
        {
            ToolHandler = command.ToolHandler ?? submitter,
        });
        return new AgentProtocol.TurnAccepted(_id, turnId, _queue.Count - 1 + (_turn is null ? 0 : 1));
    }

    private AgentProtocol.TurnRejected Refuse(TurnId turn, TurnRefusal refusal)
    {
        LogRefused(turn, refusal.Code);
        return new AgentProtocol.TurnRejected(_id, turn, refusal);
    }

    private int PositionOf(TurnId turn) => Math.Max(0, _queue.Ids.IndexOf(turn) + (_turn is null ? 0 : 1));

    private void OnCancel(AgentProtocol.CancelTurn command)
    {
        if (_turn is { } turn && turn.Queued.TurnId == command.TurnId)
        {
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelCurrent(turn, command.Force)));
        }
        else if (_queue.TryRemove(command.TurnId, out var queued))
        {
            EndDequeued(queued);
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelOutcome.Dequeued));
            StopWaitingForNothing();
        }
        else
        {
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelOutcome.NotFound));
        }
    }

    // The turn that the slot was wanted for may be gone.
    private void StopWaitingForNothing()
    {
        if (_phase == AgentPhase.WaitingForSlot && _queue.Head is not QueuedTurn)
        {
            ReturnSlot();
            WaitForWork();
            StartNext();
        }
    }

    private void StartNext()
    {
        if (_queue.Head is not { } next)
        {
            ReturnSlot();
            WaitForWork();
            return;
        }

        SetReceiveTimeout(null);
        if (_environment.Admission is not null && next is QueuedTurn { Found: null })
        {
            RequestSlot();
            return;
        }

        _queue.TryTake(out _);
        switch (next)
        {
            case QueuedTurn { Found: { } found } turn:
                Adopt(turn, found);
                break;
            case QueuedTurn turn:
                Prepare(turn);
                break;
            case QueuedConsume consume:
                Begin(consume);
                break;
        }
    }
}
