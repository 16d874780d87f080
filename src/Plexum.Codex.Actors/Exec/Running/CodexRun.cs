using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Agents;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>One start of codex.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Number">Which attempt this is, counting from 1.</param>
/// <param name="Start">What the turn asked for; null for a codex that runs already.</param>
/// <param name="CommandLine">Its arguments.</param>
/// <param name="Turn">The turn's files.</param>
/// <param name="Sink">Gets the turn's events: the actor of the turn.</param>
/// <param name="Found">The codex that another process of this program started, running or not; null to start one.</param>
internal sealed record CodexRun(
    TurnId TurnId, int Number, CodexBackendProtocol.Start? Start, CodexCommandLine CommandLine, ExecTurn Turn, IActorRef Sink, CodexProcess? Found = null)
{
    /// <summary>Variables that codex has for this turn only.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
