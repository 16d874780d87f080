using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Admission;

/// <summary>All that crosses the border of <see cref="AdmissionActor"/>. A slot belongs to the actor that asked for it.</summary>
public static class AdmissionProtocol
{
    /// <summary>Asks for the right to run one codex. The answer, perhaps much later, is <see cref="SlotGranted"/>.</summary>
    /// <param name="AgentId">The agent whose turn it is.</param>
    /// <param name="Request">Comes back in the answer, so that one to a request that was taken back is known as such.</param>
    public sealed record RequestSlot(AgentId AgentId, long Request);

    /// <summary>Takes a slot without asking, for a codex that runs already. There may be more of those than slots.</summary>
    /// <param name="AgentId">The agent whose turn it is.</param>
    public sealed record OccupySlot(AgentId AgentId);

    /// <summary>Gives the slot back, or takes the request back.</summary>
    public sealed record ReleaseSlot
    {
        /// <summary>The only one there is.</summary>
        public static ReleaseSlot Instance { get; } = new();
    }

    /// <summary>The slot is the asker's until it gives it back or stops.</summary>
    /// <param name="Request">The number of the request.</param>
    public sealed record SlotGranted(long Request);

    /// <summary>
    /// Grants no slot until <see cref="Resume"/>, or for half a minute: codex of an earlier process may still run, and each of them
    /// takes its slot first.
    /// </summary>
    public sealed record Pause
    {
        /// <summary>The only one there is.</summary>
        public static Pause Instance { get; } = new();
    }

    /// <summary>Grants slots again.</summary>
    public sealed record Resume
    {
        /// <summary>The only one there is.</summary>
        public static Resume Instance { get; } = new();
    }

    /// <summary>From now on no slot is granted. The answer is <see cref="Drained"/> once all are given back.</summary>
    public sealed record Drain
    {
        /// <summary>The only one there is.</summary>
        public static Drain Instance { get; } = new();
    }

    /// <summary>No codex runs any more, and none will.</summary>
    public sealed record Drained
    {
        /// <summary>The only one there is.</summary>
        public static Drained Instance { get; } = new();
    }

    /// <summary>Asks for <see cref="AdmissionSnapshot"/>.</summary>
    public sealed record GetAdmission
    {
        /// <summary>The only one there is.</summary>
        public static GetAdmission Instance { get; } = new();
    }

    /// <summary>The slots as they are now.</summary>
    /// <param name="Limit">How many there are.</param>
    /// <param name="Held">The agents that have one.</param>
    /// <param name="Waiting">The agents that wait for one, the next first.</param>
    /// <param name="IsDraining">Whether none is granted any more.</param>
    public sealed record AdmissionSnapshot(int Limit, ImmutableArray<AgentId> Held, ImmutableArray<AgentId> Waiting, bool IsDraining);
}
