using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Client.Documents;

/// <summary>The usage on a range of days, in UTC.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="AgentId">The agent; null for all agents.</param>
/// <param name="Days">The days with at least one ended turn, oldest first.</param>
public sealed record UsageDocument(DateOnly From, DateOnly To, string? AgentId, ImmutableArray<UsageDayDocument> Days);

/// <summary>The usage on one day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Turns">How many turns ended.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Usage">Their usage.</param>
public sealed record UsageDayDocument(DateOnly Day, long Turns, long Failed, Usage Usage);
