using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>What a rollout says of a turn beside its tool calls.</summary>
internal sealed record RolloutFindings
{
    /// <summary>Nothing at all.</summary>
    public static RolloutFindings None { get; } = new();

    /// <summary>What could not be read or was cut short, and what should be known of the file.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; init; } = [];
}
