using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The messages of <see cref="AgentRegistryActor"/>, besides those of <see cref="AgentProtocol"/>, which it forwards.</summary>
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

    /// <summary>On the event stream: the registry was restarted after a failure. Its agents stopped; their codex keeps running.</summary>
    internal sealed record RegistryRestarted
    {
        public static RegistryRestarted Instance { get; } = new();
    }

    /// <summary>An idle agent asks to be stopped; the next message for it creates it again.</summary>
    /// <param name="AgentId">The agent.</param>
    internal sealed record Passivate(AgentId AgentId);

    /// <summary>From the registry to an agent that sent <see cref="Passivate"/>: stop, unless there is work by now.</summary>
    internal sealed record StopIfIdle
    {
        public static StopIfIdle Instance { get; } = new();
    }

    /// <summary>The reply to <see cref="StopIfIdle"/> of an agent that has work again and stays active.</summary>
    /// <param name="AgentId">The agent.</param>
    internal sealed record StayActive(AgentId AgentId);
}
