using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
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
        if (key is not null && await AskLedgerAsync(() => services.Ledger.FindByKeyAsync(request, key)) is { } known)
        {
            return await EarlierAsync(known);
        }

        var check = await FileWork.Run(() => TurnCheck.Of(request, services.Settings, services.Workspaces, command.Submitter));
        if (check.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
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
            return await EarlierAsync(receipt);
        }

        await RememberAsync(check.NewMark);
        var handler = command.ToolHandler ?? services.ToolHandler;
        var turn = new TurnToRun(turnId, request, check.Prompt!, check.Model, handler)
        {
            Submitter = command.Submitter,
            AcceptedAt = check.RealWorkspace,
        };
        queue.Add(new QueuedTurn(turn));
        return new AgentProtocol.TurnAccepted(agent, turnId, PositionOf(turnId));

        async Task<AgentProtocol.IReply> EarlierAsync(LedgerReceipt receipt) =>
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
                            + $" {await DifferenceAsync(request, receipt.TurnId)}; repeat that request unchanged to get its turn, or give"
                            + " this one a key of its own"
                    )
                );

        int PositionOf(TurnId turn) => Math.Max(0, queue.Ids.IndexOf(turn) + (isBusy ? 1 : 0));
    }

    // Of a turn that has ended, the ledger keeps no more than these of its request.
    private async Task<string> DifferenceAsync(TurnRequest request, TurnId earlier) =>
        await AskLedgerAsync(() => services.Ledger.FindTurnAsync(earlier)) switch
        {
            null => "another request",
            { Workspace: var workspace } when AcceptedTurn.WorkspaceOf(workspace) != AcceptedTurn.WorkspaceOf(request.Workspace) =>
                "another workspace",
            { Model: var model } when model != request.Model => "another model",
            _ => "other messages, tools, timeout_ms, sandbox or new_thread (its workspace and model are the same)",
        };

    // Only an accepted turn leaves something. Without the mark, nobody is told if the workspace disappears before the turn runs.
    private async Task RememberAsync(WorkspaceMark? mark)
    {
        try
        {
            if (mark is not null)
            {
                await FileWork.Run(mark.Keep);
            }
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
