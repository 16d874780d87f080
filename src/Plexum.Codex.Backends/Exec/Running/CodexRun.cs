using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>One start of codex.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Number">Which attempt this is, counting from 1.</param>
/// <param name="Start">The turn's request; null for a codex that was found.</param>
/// <param name="CommandLine">Its arguments.</param>
/// <param name="Turn">The turn's files.</param>
/// <param name="Sink">Receives the turn's events: the turn's actor.</param>
/// <param name="Found">The codex that an earlier process of this program started, running or not; null to start one.</param>
internal sealed record CodexRun(
    TurnId TurnId,
    int Number,
    CodexBackendProtocol.Start? Start,
    CodexCommandLine CommandLine,
    ExecTurn Turn,
    IActorRef Sink,
    CodexProcess? Found = null
)
{
    /// <summary>Environment variables that codex gets for this turn only.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
