using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Accepts turns into an agent's queue: known key, check, questions, room, workspace on record, ledger, in that order. It is awaited within
/// the handling of a message, so submissions are checked one at a time and run in the order they arrived. A check that cannot be made costs
/// its submission, and never the agent's other turns.
/// </summary>
internal sealed class TurnIntake(AgentServices services, AgentId agent, TurnQueue queue, ILoggingAdapter log)
{
    private bool _hasAskedLedger;

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(command.TurnId, TurnRefusal.WorkspaceUnknown(e.Message.TrimEnd('.')));
        }
    }

    private async Task<AgentProtocol.IReply> TryAdmitAsync(AgentProtocol.SubmitTurn command, bool isBusy)
    {
        var (turnId, key) = (command.TurnId, command.IdempotencyKey);
        if (key is not null && await AskLedgerAsync(() => FindByKeyAsync(command, key)) is { } known)
        {
            return await EarlierAsync(known);
        }

        var (request, isFallback) = await PlaceAsync(command);
        var check = await FileWork.Run(() => TurnCheck.Of(request, services.Settings, services.Workspaces, command.Submitter));
        if (check.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
        }

        if (WhyNotAsked(turnId, request) is { } asksWrong)
        {
            return Refuse(turnId, asksWrong);
        }

        if (await WhyNoModelAsync(request.Workspace) is { } noModel)
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

        var (change, taken) = isFallback ? default : await ReserveAsync(request, check.RealWorkspace!, command.Submitter);
        if (taken is not null)
        {
            return Refuse(turnId, taken);
        }

        var isAccepted = false;
        try
        {
            var receipt = await AskLedgerAsync(() => services.Ledger.AcceptAsync(turnId, request, key, services.Time.GetUtcNow()));
            if (!receipt.IsNew)
            {
                return await EarlierAsync(receipt);
            }

            isAccepted = true;
        }
        finally
        {
            if (!isAccepted)
            {
                await RecordAsync(() => change?.Undo());
            }
        }

        await RecordAsync(() => check.NewMark?.Keep());
        var handler = command.ToolHandler ?? services.ToolHandler;
        var turn = new TurnToRun(turnId, request, check.Prompt!, check.Model, handler)
        {
            Submitter = command.Submitter,
            AcceptedAt = check.RealWorkspace,
            IsFallback = isFallback,
            IsOfInbox = RecoveredSandbox.IsOfInbox(key),
        };
        queue.Add(new QueuedTurn(turn));
        services.Problems?.Tell(new ProblemsProtocol.TurnWaits(turnId, agent, services.Time.GetUtcNow()), ActorRefs.NoSender);
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
                            + $" {await DifferenceAsync(command, receipt.TurnId)}; repeat that request unchanged to get its"
                            + " turn, or give this one a key of its own"
                    )
                );

        int PositionOf(TurnId turn) => Math.Max(0, queue.Ids.IndexOf(turn) + (isBusy ? 1 : 0));
    }

    private TurnRefusal? WhyNotAsked(TurnId turn, TurnRequest request) =>
        RequestLimits.OfApprovals(request, services.Settings)
        ?? AskingCheck.WhyNot(request.Options, services.Settings.ApprovalsOf(agent), IsToBeExec(turn, request));

    private bool IsToBeExec(TurnId turn, TurnRequest request) =>
        services.Backend.IsToBeExec(
            new BackendTurn(agent, turn, TurnDirectory.Of(new AgentDirectory(services.Profile, agent), turn))
            {
                Backend = request.Options.Backend ?? services.Settings.OverrideOf(agent).Backend,
                Sandbox = request.Sandbox ?? services.Settings.Sandbox,
            }
        );

    // Of a turn that has ended, the ledger keeps no more than these of its request.
    private async Task<string> DifferenceAsync(AgentProtocol.SubmitTurn command, TurnId earlier) =>
        await AskLedgerAsync(() => services.Ledger.FindTurnAsync(earlier)) switch
        {
            null => "another request",
            { Workspace: var workspace }
                when !command.NamesNoWorkspace
                    && AcceptedTurn.WorkspaceOf(workspace) != AcceptedTurn.WorkspaceOf(command.Request.Workspace) => "another workspace",
            { Model: var model } when model != command.Request.Model => "another model",
            _ => "other messages, tools, timeout_ms, sandbox, new_thread, backend, approvals, effort, developer_instructions or"
                + " output_schema (its workspace and model are the same)",
        };

    // A request that names no workspace is the same as that of the first time, wherever the agent worked then.
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

    // A request that names no workspace gets the one on record, as it is now that all earlier requests are dealt with. That may be one that
    // only the owner may name; whoever else asks gets the agent's own, and the record stays the owner's.
    private async Task<(TurnRequest Request, bool IsFallback)> PlaceAsync(AgentProtocol.SubmitTurn command)
    {
        var request = command.Request;
        var directory = new AgentDirectory(services.Profile, agent);
        var recorded = await FindRecordAsync(new AgentWorkspace(directory));
        if (!command.NamesNoWorkspace)
        {
            return (request, false);
        }

        var current = recorded ?? directory.DefaultWorkspace;
        return await FileWork.Run(() => services.Workspaces.WhyNot(current, agent, command.Submitter)) is null
            ? (request with { Workspace = current }, false)
            : (request with { Workspace = directory.DefaultWorkspace }, true);
    }

    // Earlier versions kept no record, but the ledger knows where the agent's newest turn worked.
    private async Task<string?> FindRecordAsync(AgentWorkspace record)
    {
        if (await FileWork.Run(() => record.Recorded) is { } recorded)
        {
            return recorded;
        }

        if (_hasAskedLedger)
        {
            return null;
        }

        AgentEntry? known;
        try
        {
            known = await AskLedgerAsync(() => services.Ledger.FindAgentAsync(agent));
        }
        catch (LedgerUnavailableException e)
        {
            // Whether the turn can be accepted without it is the ledger's business.
            log.Warning("codex: the agent's last workspace is unknown agent={AgentId} err={Error}", agent, e.Message);
            return null;
        }

        _hasAskedLedger = true;
        if (known?.Workspace is not { } workspace || !Path.IsPathFullyQualified(workspace))
        {
            return null;
        }

        await RecordAsync(() =>
        {
            record.Keep(workspace);
            if (record.Entered is null)
            {
                record.KeepEntered(workspace);
            }
        });
        return workspace;
    }

    // Where agents are not kept apart, a record that cannot be written costs the next turn its workspace, not this one.
    private async Task<(WorkspaceChange? Change, TurnRefusal? Refusal)> ReserveAsync(TurnRequest request, string real, Submitter submitter)
    {
        try
        {
            return await FileWork.Run(() =>
            {
                var change = WorkspaceChange.Begin(services.Workspaces, request, real, submitter, out var refusal);
                return (change, refusal);
            });
        }
        catch (IOException e) when (services.Settings.Workspaces.Shared != SharedWorkspaces.Refuse)
        {
            WarnOfRecord(e);
            return default;
        }
    }

    // What cannot be found out is no reason to refuse a turn.
    private async Task<TurnRefusal?> WhyNoModelAsync(string? workspace)
    {
        try
        {
            if (services.WhyNoModel is not { } why)
            {
                return null;
            }

            var refusal = await FileWork.Run(() => why(workspace));
            services.Problems?.Tell(new ProblemsProtocol.LoginSeen(refusal?.Message), ActorRefs.NoSender);
            return refusal;
        }
        catch (Exception e)
        {
            log.Warning("codex: whether codex can reach the model is unknown agent={AgentId} err={Error}", agent, e.Message);
            return null;
        }
    }

    // Without the mark, nobody is told if the workspace disappears before the turn runs.
    private async Task RecordAsync(Action write)
    {
        try
        {
            await FileWork.Run(write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WarnOfRecord(e);
        }
    }

    private void WarnOfRecord(Exception e) =>
        log.Warning("codex: a workspace could not be remembered agent={AgentId} err={Error}", agent, e.Message);

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
