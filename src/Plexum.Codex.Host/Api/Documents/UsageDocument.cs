using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>What was used on some days, in UTC.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="AgentId">The agent, or null for all together.</param>
/// <param name="Days">The days with a turn, oldest first.</param>
public sealed record UsageDocument(DateOnly From, DateOnly To, string? AgentId, ImmutableArray<UsageDayDocument> Days);

/// <summary>What was used on one day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Turns">How many turns ended.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Usage">What they used.</param>
public sealed record UsageDayDocument(DateOnly Day, long Turns, long Failed, Usage Usage);
