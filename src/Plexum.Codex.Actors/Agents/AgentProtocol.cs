using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Every message that <see cref="AgentActor"/> takes and sends. The registry takes the same ones and forwards them. Starts and ends of
/// turns are no messages: the <see cref="AgentServices.Notifier"/> tells them.
/// </summary>
public static class AgentProtocol
{
    /// <summary>Asks for a change.</summary>
    public interface ICommand : IWithAgentId;

    /// <summary>Asks and changes nothing.</summary>
    public interface IQuery : IWithAgentId;

    /// <summary>Answers one command or query.</summary>
    public interface IReply : IWithAgentId;

    /// <summary>Asks for a turn. The answer is <see cref="TurnAccepted"/> or <see cref="TurnRejected"/>.</summary>
    /// <param name="TurnId">The id of the new turn, chosen by the sender.</param>
    /// <param name="Request">What is asked.</param>
    /// <param name="Submitter">Who asks, which decides where the turn may work.</param>
    /// <param name="IdempotencyKey">
    /// The submitter's own name for the request: within the agent, the same key and request give the same turn. Null for none.
    /// </param>
    /// <param name="ToolHandler">
    /// Gets the calls of the request's tools, as <see cref="Plexum.Codex.Tools.ToolBridgeProtocol.CallTool"/>; null for
    /// <see cref="AgentServices.DefaultToolHandler"/>.
    /// </param>
    public sealed record SubmitTurn(
        TurnId TurnId,
        TurnRequest Request,
        Submitter Submitter,
        string? IdempotencyKey = null,
        IActorRef? ToolHandler = null
    ) : ICommand
    {
        /// <inheritdoc/>
        public AgentId AgentId => Request.AgentId;

        /// <summary>Whether the submitter named no workspace, so that the agent fills in the one on record.</summary>
        public bool NamesNoWorkspace { get; init; }
    }

    /// <summary>
    /// Hands over the turns that an earlier process of this program accepted and did not end, in their order. Started turns are
    /// resumed or settled; the rest are queued. The answer is <see cref="TurnsRecovered"/>; turns that the agent already has are ignored.
    /// </summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Turns">The turns.</param>
    public sealed record RecoverTurns(AgentId AgentId, ImmutableArray<OrphanedTurn> Turns) : ICommand;

    /// <summary>A turn that an earlier process left.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Request">What was asked; null where that is lost.</param>
    /// <param name="IdempotencyKey">The submitter's own name for the request, or null.</param>
    public sealed record OrphanedTurn(TurnId TurnId, TurnRequest? Request, string? IdempotencyKey = null);

    /// <summary>What became of the turns that an earlier process left.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Started">How many had been started; they are resumed.</param>
    /// <param name="Queued">How many are queued.</param>
    /// <param name="Ended">How many had already ended.</param>
    public sealed record TurnsRecovered(AgentId AgentId, int Started, int Queued, int Ended) : IReply;

    /// <summary>Ends a turn early, or takes it out of the queue. The answer is <see cref="CancelAnswered"/>.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Force">Kill codex at once, without asking it to stop first.</param>
    public sealed record CancelTurn(AgentId AgentId, TurnId TurnId, bool Force = false) : ICommand;

    /// <summary>
    /// Adds to the prompt of a running turn. The answer is a <see cref="Plexum.Codex.Backend.CodexBackendProtocol.SteerAnswered"/>.
    /// </summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Text">The text to add.</param>
    /// <param name="By">Who says it, as the turn's event has it.</param>
    /// <param name="Submitter">As whom they would submit a turn: a guest adds to no turn of the owner's.</param>
    public sealed record SteerTurn(AgentId AgentId, TurnId TurnId, string Text, string By, Submitter Submitter) : ICommand;

    /// <summary>Answers a question of codex in a running turn. The answer is an <see cref="ApprovalReceipt"/>.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Id">The question.</param>
    /// <param name="Answer">The answer.</param>
    /// <param name="By">Who answers; one of <see cref="ApprovalAnswerers"/>.</param>
    public sealed record AnswerApproval(AgentId AgentId, TurnId TurnId, ApprovalId Id, ApprovalAnswer Answer, string By) : ICommand;

    /// <summary>
    /// Has old tool calls taken out of the agent's thread, so that the model no longer pays for them. It waits in the queue, so it never
    /// meets a running turn. The answer is <see cref="ConsumeAnswered"/> or <see cref="ConsumeFailed"/>.
    /// </summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Workspace">The absolute path of the workspace; its session file names the thread.</param>
    /// <param name="Calls">What is to become of which calls; an empty list is answered at once.</param>
    public sealed record Consume(AgentId AgentId, string? Workspace, ImmutableArray<CallToConsume> Calls) : ICommand;

    /// <summary>
    /// Replaces the tools of the current turn and tells codex to list them again. A turn that was submitted without tools gets none. The
    /// answer is <see cref="ToolsChangeAnswered"/>.
    /// </summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Tools">All its tools from now on.</param>
    public sealed record ChangeTools(AgentId AgentId, TurnId TurnId, ImmutableArray<ToolDefinition> Tools) : ICommand;

    /// <summary>Asks for <see cref="AgentSnapshot"/>.</summary>
    /// <param name="AgentId">The agent.</param>
    public sealed record GetAgent(AgentId AgentId) : IQuery;

    /// <summary>The turn will run.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn; an earlier one if that was submitted with the same key.</param>
    /// <param name="Position">How many turns of this agent are ahead of it; 0 for one that runs or has ended.</param>
    /// <param name="IsNew">False for an earlier turn.</param>
    public sealed record TurnAccepted(AgentId AgentId, TurnId TurnId, int Position, bool IsNew = true) : IReply
    {
        /// <summary>Whether the earlier turn was submitted with another request, which the settings allow.</summary>
        public bool IsOfOtherRequest { get; init; }
    }

    /// <summary>The turn will not run; nothing was started.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn; the earlier one with the key if the key was used for another request.</param>
    /// <param name="Refusal">Why.</param>
    public sealed record TurnRejected(AgentId AgentId, TurnId TurnId, TurnRefusal Refusal) : IReply;

    /// <summary>What a cancel did.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Outcome">What happened.</param>
    public sealed record CancelAnswered(AgentId AgentId, TurnId TurnId, CancelOutcome Outcome) : IReply;

    /// <summary>What a change of tools did.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Outcome">What happened.</param>
    public sealed record ToolsChangeAnswered(AgentId AgentId, TurnId TurnId, ToolsChangeOutcome Outcome) : IReply;

    /// <summary>What a consume did. An agent without a thread, or a thread without a rollout, has none of the calls.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Result">The counts and warnings.</param>
    public sealed record ConsumeAnswered(AgentId AgentId, ConsumeResult Result) : IReply;

    /// <summary>A consume was not carried out, or it is unknown how far it came. Asking again does no harm.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Failure">Why.</param>
    public sealed record ConsumeFailed(AgentId AgentId, ConsumeFailure Failure) : IReply;

    /// <summary>The agent as it is now.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Phase">What it is doing.</param>
    /// <param name="RunningTurn">The current turn, or null.</param>
    /// <param name="QueuedTurns">The turns that wait, in their order.</param>
    public sealed record AgentSnapshot(AgentId AgentId, AgentPhase Phase, TurnId? RunningTurn, ImmutableArray<TurnId> QueuedTurns) : IReply;
}

/// <summary>What became of a request to cancel a turn.</summary>
public enum CancelOutcome
{
    /// <summary>The agent has no such turn, or the turn has ended.</summary>
    NotFound,

    /// <summary>It was waiting and will not run.</summary>
    Dequeued,

    /// <summary>codex was asked to stop; it is killed if it does not.</summary>
    Stopping,

    /// <summary>codex was killed.</summary>
    Killed,

    /// <summary>It was ending already.</summary>
    Ending,
}

/// <summary>What became of a request to change a turn's tools.</summary>
public enum ToolsChangeOutcome
{
    /// <summary>The turn has the new ones.</summary>
    Changed,

    /// <summary>The turn is not running, or its tools cannot be reached.</summary>
    NotServed,
}
