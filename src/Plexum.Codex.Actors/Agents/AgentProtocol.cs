using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Events;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>All that crosses the border of <see cref="AgentActor"/>. The registry takes the same messages and passes them on.</summary>
public static class AgentProtocol
{
    /// <summary>Asks for a change.</summary>
    public interface ICommand : IWithAgentId;

    /// <summary>Asks and changes nothing.</summary>
    public interface IQuery : IWithAgentId;

    /// <summary>Answers one command or query.</summary>
    public interface IReply : IWithAgentId;

    /// <summary>
    /// A fact. It goes to the submitter of the turn, who may be gone by then; the <see cref="AgentServices.Notifier"/> tells everyone else.
    /// </summary>
    public interface IEvent : IWithAgentId, IDeadLetterSuppression;

    /// <summary>
    /// Asks for a turn. The answer is <see cref="TurnAccepted"/> or <see cref="TurnRejected"/>; an accepted turn's sender gets one
    /// <see cref="TurnEnded"/>, whatever happens.
    /// </summary>
    /// <param name="TurnId">The id of the new turn, chosen by the host.</param>
    /// <param name="Request">What is asked.</param>
    /// <param name="IdempotencyKey">The host's own name of the request: the same one of the same agent gives the same turn. Null for none.</param>
    /// <param name="ToolHandler">
    /// Who gets the calls of the request's tools, as <see cref="Plexum.Codex.Tools.ToolBridgeProtocol.CallTool"/>; null for the sender.
    /// </param>
    public sealed record SubmitTurn(
        TurnId TurnId, TurnRequest Request, string? IdempotencyKey = null, IActorRef? ToolHandler = null) : ICommand
    {
        /// <inheritdoc/>
        public AgentId AgentId => Request.AgentId;
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
    public sealed record OrphanedTurn(TurnId TurnId, TurnRequest? Request);

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
    /// Has old tool calls taken out of the agent's thread, so that the model pays for them no longer. It waits its turn in the queue, so
    /// that it never meets a running turn. The answer is <see cref="ConsumeAnswered"/> or <see cref="ConsumeFailed"/>.
    /// </summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Workspace">The absolute path of the workspace; its session file names the thread.</param>
    /// <param name="Mutations">What is to become of which calls; none is answered at once.</param>
    public sealed record Consume(AgentId AgentId, string? Workspace, ImmutableArray<RolloutMutation> Mutations) : ICommand;

    /// <summary>
    /// Gives the current turn other tools than it was submitted with; codex is told to look at them anew. A turn that began without tools
    /// gets none. The answer is <see cref="ToolsChangeAnswered"/>.
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
    /// <param name="TurnId">The turn; an earlier one's where that was submitted with the same key.</param>
    /// <param name="Position">How many turns of this agent go before it; 0 for one that runs or is over.</param>
    /// <param name="IsNew">False for an earlier turn. Its start and end are not told to the sender.</param>
    public sealed record TurnAccepted(AgentId AgentId, TurnId TurnId, int Position, bool IsNew = true) : IReply;

    /// <summary>The turn will not run; nothing was started.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
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

    /// <summary>What a consume did. An agent without a thread, and a thread without a rollout, have none of the calls.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Result">The counts and warnings.</param>
    public sealed record ConsumeAnswered(AgentId AgentId, ConsumeResult Result) : IReply;

    /// <summary>A consume was not carried out. Asking again does no harm, also where it is not known how far it had come.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Failure">Why.</param>
    public sealed record ConsumeFailed(AgentId AgentId, ConsumeFailure Failure) : IReply;

    /// <summary>The agent as it is now.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Phase">What it is doing.</param>
    /// <param name="RunningTurn">The current turn, or null.</param>
    /// <param name="QueuedTurns">The turns that wait, in their order.</param>
    public sealed record AgentSnapshot(
        AgentId AgentId, AgentPhase Phase, TurnId? RunningTurn, ImmutableArray<TurnId> QueuedTurns) : IReply;

    /// <summary>A turn has begun: its directory and event log are there.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    public sealed record TurnStarted(AgentId AgentId, TurnId TurnId) : IEvent;

    /// <summary>A turn is over; all its events are in its log.</summary>
    /// <param name="AgentId">The agent.</param>
    /// <param name="TurnId">The turn.</param>
    /// <param name="StopReason">How it ended.</param>
    /// <param name="Unrecorded">What could not be written into the log, for example because the disk is full; null when all was.</param>
    public sealed record TurnEnded(AgentId AgentId, TurnId TurnId, StopReason StopReason, TurnFailure? Unrecorded) : IEvent;
}

/// <summary>What became of a request to cancel a turn.</summary>
public enum CancelOutcome
{
    /// <summary>The agent has no such turn, or it is over.</summary>
    NotFound,

    /// <summary>It was waiting and will not run.</summary>
    Dequeued,

    /// <summary>codex was asked to stop; it is made to if it does not.</summary>
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
