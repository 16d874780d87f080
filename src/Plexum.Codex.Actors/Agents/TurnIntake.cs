using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Takes turns into an agent's queue: known key, check, room, ledger, in that order. It is called within the handling of a message and
/// awaited there, so that submissions are checked one after the other and run in the order in which they came.
/// </summary>
internal sealed class TurnIntake(AgentServices services, AgentId agent, TurnQueue queue, ILoggingAdapter log)
{
    /// <summary>Takes a turn in or refuses it.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="submitter">Who asked.</param>
    /// <param name="isBusy">Whether the agent has a turn already.</param>
    public async Task<AgentProtocol.IReply> AdmitAsync(AgentProtocol.SubmitTurn command, IActorRef submitter, bool isBusy)
    {
        try
        {
            return await TryAdmitAsync(command, submitter, isBusy);
        }
        catch (LedgerUnavailableException e)
        {
            return Refuse(command.TurnId, new TurnRefusal(TurnRefusalReason.LedgerUnavailable, e.Message));
        }
    }

    private async Task<AgentProtocol.IReply> TryAdmitAsync(AgentProtocol.SubmitTurn command, IActorRef submitter, bool isBusy)
    {
        var (turnId, request, key) = (command.TurnId, command.Request, command.IdempotencyKey);
        if (key is not null && await services.Ledger.FindByKeyAsync(agent, key) is { } known)
        {
            return new AgentProtocol.TurnAccepted(agent, known, PositionOf(known), IsNew: false);
        }

        var check = await FileWork.Run(() => TurnCheck.Of(request, services.Settings));
        if (check.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
        }

        if (queue.IsFull)
        {
            return Refuse(turnId, new TurnRefusal(TurnRefusalReason.QueueFull,
                $"codex: agent {agent} has {queue.Count} turns waiting, which is the most it may have; wait for one to end, or raise turns.queue-limit"));
        }

        var receipt = await FileWork.Run(() => services.Ledger.AcceptAsync(turnId, request, key, services.Time.GetUtcNow()));
        if (!receipt.IsNew)
        {
            return new AgentProtocol.TurnAccepted(agent, receipt.TurnId, PositionOf(receipt.TurnId), IsNew: false);
        }

        queue.Add(new QueuedTurn(new TurnToRun(turnId, request, check.Prompt!, check.Model, command.ToolHandler ?? submitter), submitter));
        return new AgentProtocol.TurnAccepted(agent, turnId, PositionOf(turnId));

        int PositionOf(TurnId turn) => Math.Max(0, queue.Ids.IndexOf(turn) + (isBusy ? 1 : 0));
    }

    private AgentProtocol.TurnRejected Refuse(TurnId turn, TurnRefusal refusal)
    {
        log.Info("codex: turn refused agent={AgentId} turn={TurnId} reason={Reason}", agent, turn, refusal.Code);
        return new AgentProtocol.TurnRejected(agent, turn, refusal);
    }
}
