namespace Plexum.Codex.Chaos;

/// <summary>What a run showed.</summary>
/// <param name="Turns">How many turns were acknowledged.</param>
/// <param name="Kills">How often the daemon was killed.</param>
/// <param name="Events">How many events were read.</param>
/// <param name="Connections">How often a stream of events was begun.</param>
/// <param name="Faults">What was not as promised.</param>
public sealed record ChaosReport(int Turns, int Kills, int Events, int Connections, IReadOnlyList<string> Faults);
