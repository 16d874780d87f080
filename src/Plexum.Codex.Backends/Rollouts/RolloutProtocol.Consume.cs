using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Rollouts;

public static partial class RolloutProtocol
{
    /// <summary>The reply to a <see cref="Consume"/>.</summary>
    public interface IConsumeAnswer : IDeadLetterSuppression
    {
        /// <summary>The operation of the request.</summary>
        long Operation { get; }
    }

    /// <summary>Rewrites the rollout of the agent's thread. The reply is <see cref="Consumed"/> or <see cref="NotConsumed"/>.</summary>
    /// <param name="Operation">Identifies the reply.</param>
    /// <param name="Agent">The agent's directory, which contains the lock that holds off its turns.</param>
    /// <param name="Workspace">The absolute path of the workspace, which has the session file.</param>
    /// <param name="Calls">The calls and what to do with them.</param>
    public sealed record Consume(long Operation, AgentDirectory Agent, string Workspace, ImmutableArray<CallToConsume> Calls);

    /// <summary>The consume succeeded.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Result">What was done.</param>
    public sealed record Consumed(long Operation, ConsumeResult Result) : IConsumeAnswer;

    /// <summary>The consume failed; the rollout is unchanged.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="Failure">Why.</param>
    public sealed record NotConsumed(long Operation, ConsumeFailure Failure) : IConsumeAnswer;
}
