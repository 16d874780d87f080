using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

internal static partial class RolloutProtocol
{
    /// <summary>Answers one <see cref="Consume"/>.</summary>
    public interface IConsumeAnswer : IDeadLetterSuppression
    {
        /// <summary>The operation of the question.</summary>
        long Operation { get; }
    }

    /// <summary>Rewrites the rollout of the agent's thread. The answer is <see cref="Consumed"/> or <see cref="NotConsumed"/>.</summary>
    /// <param name="Operation">Tells the answer from others.</param>
    /// <param name="Agent">The agent's directory, with the lock that keeps its turns away.</param>
    /// <param name="Workspace">The absolute path of the workspace, whose session file names the thread.</param>
    /// <param name="Mutations">What is to become of which calls.</param>
    public sealed record Consume(long Operation, AgentDirectory Agent, string Workspace, ImmutableArray<RolloutMutation> Mutations);

    /// <summary>The rollout says what was asked for.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Result">What was done.</param>
    public sealed record Consumed(long Operation, ConsumeResult Result) : IConsumeAnswer;

    /// <summary>The rollout is as it was.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Failure">Why.</param>
    public sealed record NotConsumed(long Operation, ConsumeFailure Failure) : IConsumeAnswer;
}
