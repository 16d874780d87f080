namespace Plexum.Codex.Chaos.Rounds;

/// <summary>What a run showed.</summary>
/// <param name="Rounds">How many rounds were run.</param>
/// <param name="Turns">How many turns were read to their end.</param>
/// <param name="Lost">How many of them ended because the app-server was lost.</param>
/// <param name="Faults">What was not as promised.</param>
public sealed record RoundsReport(int Rounds, int Turns, int Lost, IReadOnlyList<string> Faults);
