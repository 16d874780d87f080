namespace Plexum.Codex.Host.Api.Documents;

/// <summary>How the daemon is.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Pid">Its process.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="UptimeSeconds">How long ago that is.</param>
/// <param name="Profile">The directory of its profile.</param>
/// <param name="Socket">The path of its socket.</param>
/// <param name="Ready">Whether it takes turns.</param>
/// <param name="Readers">How many streams of events are open.</param>
/// <param name="ActiveAgents">How many agents are in memory.</param>
/// <param name="Turns">The turns that are not over.</param>
/// <param name="Slots">The slots for codex.</param>
/// <param name="Molecule">The inbox that is answered; absent where none is, or the turns of the last run are still being taken up.</param>
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
    OpenTurnsDocument Turns,
    SlotsDocument Slots,
    MoleculeDocument? Molecule = null);

/// <summary>The turns of all agents that are not over.</summary>
/// <param name="Queued">How many wait.</param>
/// <param name="Running">How many are being carried out.</param>
public sealed record OpenTurnsDocument(long Queued, long Running);

/// <summary>The slots for codex; each running turn has one.</summary>
/// <param name="Limit">How many there are.</param>
/// <param name="Used">How many are taken; more than there are where turns of an earlier run go on.</param>
/// <param name="WaitingAgents">How many agents wait for one.</param>
public sealed record SlotsDocument(int Limit, int Used, int WaitingAgents);

/// <summary>Whether the daemon lives, or takes turns.</summary>
/// <param name="Status"><c>ok</c>.</param>
public sealed record HealthDocument(string Status);
