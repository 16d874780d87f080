using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Gateway;

/// <summary>The result of a <see cref="TurnSubmission"/>.</summary>
public abstract record Submission
{
    private Submission() { }

    /// <summary>A sentence for people that says why there is no turn; null if there is one.</summary>
    public abstract string? Problem { get; }

    /// <summary>Whether the same submission may be accepted later without any change. Only one with a key is safe to repeat.</summary>
    public virtual bool MayPass => false;

    /// <summary>The turn will run, or has run.</summary>
    /// <param name="TurnId">The turn; an earlier one if that was submitted with the same key.</param>
    /// <param name="Position">How many turns of the agent are ahead of it; 0 for one that runs or has ended.</param>
    /// <param name="IsNew">False for an earlier turn.</param>
    public sealed record Accepted(TurnId TurnId, int Position, bool IsNew) : Submission
    {
        /// <summary>
        /// That the turn is an earlier one of another request with the same key, as a sentence for people; null if it is not.
        /// </summary>
        public string? Warning { get; init; }

        /// <inheritdoc/>
        public override string? Problem => null;
    }

    /// <summary>The turn will not run; nothing was started.</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Earlier">The turn that has the key already; only for <see cref="TurnRefusalReason.IdempotencyKeyReused"/>.</param>
    public sealed record Refused(TurnRefusal Refusal, TurnId? Earlier = null) : Submission
    {
        /// <inheritdoc/>
        public override string Problem => Refusal.Message;

        /// <inheritdoc/>
        public override bool MayPass => Refusal.MayPass;
    }

    /// <summary>No turns are accepted now; no agent was asked.</summary>
    /// <param name="State">Why.</param>
    public sealed record NotOpen(GatewayState State) : Submission
    {
        /// <inheritdoc/>
        public override string Problem =>
            State == GatewayState.ShuttingDown
                ? "The program is stopping and accepts no more turns; submit it again after the next start."
                : "The program is still recovering the turns of its last run; submit it again in a moment.";

        /// <inheritdoc/>
        public override bool MayPass => true;
    }

    /// <summary>The agent did not answer in time. The turn may have been accepted.</summary>
    public sealed record NoAnswer : Submission
    {
        /// <summary>The only instance.</summary>
        public static NoAnswer Instance { get; } = new();

        /// <inheritdoc/>
        public override string Problem =>
            "The agent did not answer in time, and the turn may have been accepted. With an idempotency key it is safe to submit it again.";

        /// <inheritdoc/>
        public override bool MayPass => true;
    }
}
