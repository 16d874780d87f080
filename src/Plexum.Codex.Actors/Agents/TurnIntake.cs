using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Accepts turns into an agent's queue: known key, check, room, ledger, in that order. It is awaited within the handling of a message, so
/// submissions are checked one at a time and run in the order they arrived.
/// </summary>
internal sealed class TurnIntake(AgentServices services, AgentId agent, TurnQueue queue, ILoggingAdapter log)
{
    /// <summary>Accepts a turn or refuses it.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="isBusy">Whether the agent has a current turn.</param>
    public async Task<AgentProtocol.IReply> AdmitAsync(AgentProtocol.SubmitTurn command, bool isBusy)
    {
        try
        {
            return await TryAdmitAsync(command, isBusy);
        }
        catch (LedgerUnavailableException e)
        {
            return Refuse(command.TurnId, new TurnRefusal(TurnRefusalReason.LedgerUnavailable, e.Message));
        }
    }

    private async Task<AgentProtocol.IReply> TryAdmitAsync(AgentProtocol.SubmitTurn command, bool isBusy)
    {
        var (turnId, request, key) = (command.TurnId, command.Request, command.IdempotencyKey);
        if (key is not null && await AskLedgerAsync(() => FindByKeyAsync(command, key)) is { } known)
        {
            return Earlier(known);
        }

        var check = await FileWork.Run(() => TurnCheck.Of(request, services.Settings, services.Workspaces, command.Submitter));
        if (check.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
        }

        if (services.WhyNoModel is { } why && await FileWork.Run(() => why(request.Workspace)) is { } noModel)
        {
            return Refuse(turnId, noModel);
        }

        if (queue.IsFull)
        {
            return Refuse(
                turnId,
                new TurnRefusal(
                    TurnRefusalReason.QueueFull,
                    $"codex: agent {agent} has {queue.Count} turns waiting, which is the most it may have;"
                        + " wait for one to end, or raise turns.queue-limit"
                )
            );
        }

        var receipt = await AskLedgerAsync(() => services.Ledger.AcceptAsync(turnId, request, key, services.Time.GetUtcNow()));
        if (!receipt.IsNew)
        {
            return Earlier(receipt);
        }

        await RememberAsync(check);
        var handler = command.ToolHandler ?? services.ToolHandler;
        var turn = new TurnToRun(turnId, request, check.Prompt!, check.Model, handler)
        {
            Submitter = command.Submitter,
            AcceptedAt = check.RealWorkspace,
            WorkspaceNotices = check.Change?.Notices ?? [],
        };
        queue.Add(new QueuedTurn(turn));
        services.Problems?.Tell(new ProblemsProtocol.TurnWaits(turnId, agent, services.Time.GetUtcNow()), ActorRefs.NoSender);
        return new AgentProtocol.TurnAccepted(agent, turnId, PositionOf(turnId));

        AgentProtocol.IReply Earlier(LedgerReceipt receipt) =>
            receipt.SameRequest || services.Settings.KeyReuse == KeyReuse.AnswerFirst
                ? new AgentProtocol.TurnAccepted(agent, receipt.TurnId, PositionOf(receipt.TurnId), IsNew: false)
                {
                    IsOfOtherRequest = !receipt.SameRequest,
                }
                : Refuse(
                    receipt.TurnId,
                    new TurnRefusal(
                        TurnRefusalReason.IdempotencyKeyReused,
                        $"codex: the idempotency key belongs to turn {receipt.TurnId} of agent {agent}, which was submitted with"
                            + " another request; repeat that request unchanged to get its turn, or give this one a key of its own"
                    )
                );

        int PositionOf(TurnId turn) => Math.Max(0, queue.Ids.IndexOf(turn) + (isBusy ? 1 : 0));
    }

    // The agent may have another workspace on record since a request that names none was sent for the first time.
    private async Task<LedgerReceipt?> FindByKeyAsync(AgentProtocol.SubmitTurn command, string key)
    {
        var known = await services.Ledger.FindByKeyAsync(command.Request, key);
        return
            known is { SameRequest: false }
            && command.NamesNoWorkspace
            && await services.Ledger.FindTurnAsync(known.TurnId) is { Workspace: { } earlier }
            ? await services.Ledger.FindByKeyAsync(command.Request with { Workspace = earlier }, key)
            : known;
    }

    // Only an accepted turn leaves something. Without the mark, nobody is told if the workspace disappears before the turn runs.
    private async Task RememberAsync(TurnCheck check)
    {
        if (check is { NewMark: null, Change: null })
        {
            return;
        }

        try
        {
            await FileWork.Run(() =>
            {
                check.NewMark?.Keep();
                check.Change?.Keep();
            });
        }
        catch (IOException e)
        {
            log.Warning("codex: a workspace could not be remembered agent={AgentId} err={Error}", agent, e.Message);
        }
    }

    // An unexpected failure of the ledger costs this submission, not the agent's other turns.
    private async Task<T> AskLedgerAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await FileWork.Run(question);
        }
        catch (Exception e) when (e is not LedgerUnavailableException)
        {
            log.Error(e, "codex: the ledger failed agent={AgentId} err={Error}", agent, e.Message);
            throw new LedgerUnavailableException(
                $"codex: the ledger failed while a turn of agent {agent} was submitted: {e.Message.TrimEnd('.')};"
                    + " try again, and see the program's log for details",
                e
            );
        }
    }

    private AgentProtocol.TurnRejected Refuse(TurnId turn, TurnRefusal refusal)
    {
        log.Info("codex: turn refused agent={AgentId} turn={TurnId} reason={Reason}", agent, turn, refusal.Code);
        return new AgentProtocol.TurnRejected(agent, turn, refusal);
    }
}
