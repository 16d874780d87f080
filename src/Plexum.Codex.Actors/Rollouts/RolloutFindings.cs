using System.Collections.Immutable;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>What a rollout says of a turn beside its tool calls.</summary>
internal sealed record RolloutFindings
{
    /// <summary>Nothing at all.</summary>
    public static RolloutFindings None { get; } = new();

    /// <summary>What could not be read or was cut short, and what should be known of the file.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; init; } = [];

    /// <summary>The kind of the turn's failure, or null.</summary>
    public RolloutError? Error { get; init; }

    /// <summary>The thread's total of tokens at the turn's end, or null.</summary>
    public Usage? Total { get; init; }

    /// <summary>The windows of the account's allowance, or null.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>Findings that are only a notice.</summary>
    public static RolloutFindings Of(string code, string message) => new() { Notices = [new CanonicalEvent.Notice(code, message)] };

    /// <summary>A failure that was told from codex's text, with what the rollout knows better.</summary>
    public TurnFailure Refine(TurnFailure failure)
    {
        var refined = Error?.Refine(failure) ?? failure;
        return refined.Class is TurnErrorClass.UsageLimit or TurnErrorClass.RateLimit && RateLimits?.FreeAgainAt is { } resetsAt
            ? refined with { ResetsAt = resetsAt }
            : refined;
    }
}
