using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>The usage of one day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Turns">How many turns ended.</param>
/// <param name="Failed">How many of them ended with an error or a timeout.</param>
/// <param name="Usage">The tokens they used.</param>
public sealed record DayUsage(DateOnly Day, long Turns, long Failed, Usage Usage);
