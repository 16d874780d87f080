using System.Collections.Immutable;
using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>One start of codex.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Number">The how manieth start of codex for it, from 1.</param>
/// <param name="Workspace">Where codex works.</param>
/// <param name="CommandLine">Its arguments.</param>
/// <param name="Turn">The turn's files.</param>
/// <param name="Adopted">The codex that another process of this program started, running or not; null to start one.</param>
internal sealed record CodexRun(
    TurnId TurnId, int Number, string Workspace, CodexCommandLine CommandLine, PreparedTurn Turn, CodexProcess? Adopted = null)
{
    /// <summary>Variables that codex has for this turn only.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
