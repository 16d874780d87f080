using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What <see cref="AgentRegistryActor"/> takes beside the messages of <see cref="AgentProtocol"/>, which it passes on.</summary>
public static class AgentRegistryProtocol
{
    /// <summary>Asks for <see cref="ActiveAgents"/>.</summary>
    public sealed record GetActiveAgents
    {
        /// <summary>The only instance.</summary>
        public static GetActiveAgents Instance { get; } = new();
    }

    /// <summary>The agents that are in memory.</summary>
    /// <param name="Agents">Their ids, sorted.</param>
    public sealed record ActiveAgents(ImmutableArray<AgentId> Agents);

    /// <summary>On the event stream: the registry failed, was restarted, and its agents were stopped; their codex runs on.</summary>
    internal sealed record RegistryRestarted
    {
        public static RegistryRestarted Instance { get; } = new();
    }

    /// <summary>An idle agent asks to be put away; it comes back with the next message for it.</summary>
    /// <param name="AgentId">The agent.</param>
    internal sealed record Passivate(AgentId AgentId);

    /// <summary>From the registry to an agent that asked to be put away: it stops, unless it has something to do by now.</summary>
    internal sealed record StopIfIdle
    {
        public static StopIfIdle Instance { get; } = new();
    }

    /// <summary>The answer of an agent that is idle no more: it stays.</summary>
    /// <param name="AgentId">The agent.</param>
    internal sealed record StayActive(AgentId AgentId);
}
