using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Admission;

/// <summary>The messages of <see cref="AdmissionActor"/>. A slot belongs to the actor that requested it.</summary>
public static class AdmissionProtocol
{
    /// <summary>Requests the right to run one codex. The answer, perhaps much later, is <see cref="SlotGranted"/>.</summary>
    /// <param name="AgentId">The agent whose turn it is.</param>
    /// <param name="Request">Returned in the answer, so that the answer to a withdrawn request is recognised.</param>
    public sealed record RequestSlot(AgentId AgentId, long Request);

    /// <summary>Takes a slot without asking, for a codex that is already running. This may exceed the number of slots.</summary>
    /// <param name="AgentId">The agent whose turn it is.</param>
    public sealed record OccupySlot(AgentId AgentId);

    /// <summary>Returns the slot, or withdraws the request.</summary>
    public sealed record ReleaseSlot
    {
        /// <summary>The only instance.</summary>
        public static ReleaseSlot Instance { get; } = new();
    }

    /// <summary>The requester has the slot until it returns it or stops.</summary>
    /// <param name="Request">The number of the request.</param>
    public sealed record SlotGranted(long Request);

    /// <summary>
    /// Grants no slot until <see cref="Resume"/>, or for half a minute: codex processes of an earlier daemon may still be running,
    /// and each of them takes its slot first.
    /// </summary>
    public sealed record Pause
    {
        /// <summary>The only instance.</summary>
        public static Pause Instance { get; } = new();
    }

    /// <summary>Grants slots again.</summary>
    public sealed record Resume
    {
        /// <summary>The only instance.</summary>
        public static Resume Instance { get; } = new();
    }

    /// <summary>Grants no more slots. The answer is <see cref="Drained"/>, once all have been returned.</summary>
    public sealed record Drain
    {
        /// <summary>The only instance.</summary>
        public static Drain Instance { get; } = new();
    }

    /// <summary>No codex is running, and none will start.</summary>
    public sealed record Drained
    {
        /// <summary>The only instance.</summary>
        public static Drained Instance { get; } = new();
    }

    /// <summary>Asks where the asker stands among those that wait. The answer is <see cref="Place"/>.</summary>
    public sealed record GetPlace
    {
        /// <summary>The only instance.</summary>
        public static GetPlace Instance { get; } = new();
    }

    /// <summary>Where an agent that waits for a slot stands.</summary>
    /// <param name="Limit">The number of slots.</param>
    /// <param name="Held">How many of them are taken.</param>
    /// <param name="Number">The agent's place among those that wait, counted from 1.</param>
    /// <param name="IsDraining">Whether no more slots are granted.</param>
    public sealed record Place(int Limit, int Held, int Number, bool IsDraining);

    /// <summary>Asks for <see cref="AdmissionSnapshot"/>.</summary>
    public sealed record GetAdmission
    {
        /// <summary>The only instance.</summary>
        public static GetAdmission Instance { get; } = new();
    }

    /// <summary>The current state of the slots.</summary>
    /// <param name="Limit">The number of slots.</param>
    /// <param name="Held">The agents that have one.</param>
    /// <param name="Waiting">The agents that wait for one, in order.</param>
    /// <param name="IsDraining">Whether no more are granted.</param>
    public sealed record AdmissionSnapshot(int Limit, ImmutableArray<AgentId> Held, ImmutableArray<AgentId> Waiting, bool IsDraining);
}
