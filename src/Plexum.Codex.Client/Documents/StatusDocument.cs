using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The daemon's status.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="UptimeSeconds">How long it has been running, in seconds.</param>
/// <param name="Profile">The directory of its profile.</param>
/// <param name="Socket">The path of its socket.</param>
/// <param name="Ready">Whether it accepts turns.</param>
/// <param name="Readers">How many event streams are open.</param>
/// <param name="ActiveAgents">How many agents are in memory.</param>
/// <param name="Turns">The turns that have not ended; null if the ledger does not answer.</param>
/// <param name="Slots">The slots for codex.</param>
/// <param name="Molecule">The molecule inbox; null if there is none, turns are still being recovered, or it does not answer.</param>
/// <param name="Problems">What should page an operator; null from a daemon of an earlier version.</param>
/// <param name="AppServer">Codex's app-server; null from a daemon of an earlier version, or if its actor does not answer.</param>
public sealed record StatusDocument(
    string Version,
    int Pid,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    string Profile,
    string Socket,
    bool Ready,
    int Readers,
    int ActiveAgents,
    OpenTurnsDocument? Turns,
    SlotsDocument Slots,
    MoleculeDocument? Molecule = null,
    ImmutableArray<StandingProblemDocument>? Problems = null,
    AppServerDocument? AppServer = null
);

/// <summary>The turns of all agents that have not ended.</summary>
/// <param name="Queued">How many are queued.</param>
/// <param name="Running">How many are running.</param>
public sealed record OpenTurnsDocument(long Queued, long Running);

/// <summary>The slots for codex; each running turn holds one.</summary>
/// <param name="Limit">How many there are.</param>
/// <param name="Used">How many are in use; may exceed the limit while turns of an earlier run continue.</param>
/// <param name="WaitingAgents">How many agents are waiting for a slot.</param>
public sealed record SlotsDocument(int Limit, int Used, int WaitingAgents)
{
    /// <summary>How many of those in use are of turns that run in codex's app-server; null if that is not known.</summary>
    public int? AppServer { get; init; }

    /// <summary>
    /// How many of those in use are of turns with a process of <c>codex exec</c>, or that are just beginning or ending; null if that is not
    /// known.
    /// </summary>
    public int? Exec { get; init; }
}

/// <summary>The response of the health and readiness checks.</summary>
/// <param name="Status"><c>ok</c>, or <c>unavailable</c> for a caller without a token, who is told nothing else.</param>
public sealed record HealthDocument(string Status);
