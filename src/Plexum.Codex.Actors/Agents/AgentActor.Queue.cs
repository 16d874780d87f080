using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>Taking turns in, handing them on in order, and taking them out again.</summary>
public sealed partial class AgentActor
{
    // Submissions are checked one after the other, so that the order in which they came is the order in which they run.
    private async Task OnSubmit(AgentProtocol.SubmitTurn command)
    {
        var (turnId, request, submitter) = (command.TurnId, command.Request, Sender);
        var checkedTurn = await Offload.Run(() => TurnCheck.Of(request, _environment.Settings));
        if (checkedTurn.Refusal is null && _queue.IsFull)
        {
            checkedTurn = TurnCheck.Refuse(TurnRefusalReason.QueueFull,
                $"codex: agent {_id} has {_queue.Count} turns waiting, which is the most it may have; wait for one to end, or raise turns.queue-limit");
        }

        if (checkedTurn.Refusal is { } refusal)
        {
            LogRefused(turnId, refusal.Code);
            submitter.Tell(new AgentProtocol.TurnRejected(_id, turnId, refusal));
            return;
        }

        _queue.Add(new QueuedTurn(turnId, request, checkedTurn.Prompt!, checkedTurn.Model, submitter));
        submitter.Tell(new AgentProtocol.TurnAccepted(_id, turnId, _queue.Count - 1 + (_turn is null ? 0 : 1)));
        if (_turn is null)
        {
            StartNext();
        }
    }

    private void OnCancel(AgentProtocol.CancelTurn command)
    {
        if (_turn is { } turn && turn.Queued.TurnId == command.TurnId)
        {
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelCurrent(turn, command.Force)));
        }
        else if (_queue.TryRemove(command.TurnId, out var queued))
        {
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelOutcome.Dequeued));
            EndUnstarted(queued, StopReason.Cancelled, null);
        }
        else
        {
            Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelOutcome.NotFound));
        }
    }

    private void StartNext()
    {
        if (!_queue.TryTake(out var next))
        {
            WaitForWork();
            return;
        }

        SetReceiveTimeout(null);
        Prepare(next);
    }
}
