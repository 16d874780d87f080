using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>What was used on one day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Turns">How many turns ended.</param>
/// <param name="Failed">How many of them ended in an error or took too long.</param>
/// <param name="Usage">What they used.</param>
public sealed record DayUsage(DateOnly Day, long Turns, long Failed, Usage Usage);
