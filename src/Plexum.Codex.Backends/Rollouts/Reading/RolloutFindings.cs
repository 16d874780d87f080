using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>What a rollout says about a turn besides its tool calls.</summary>
public sealed record RolloutFindings
{
    /// <summary>No findings.</summary>
    public static RolloutFindings None { get; } = new();

    /// <summary>Notices about what could not be read, what was left out, and the size of the file.</summary>
    public ImmutableArray<CanonicalEvent.Notice> Notices { get; init; } = [];

    /// <summary>The kind of the turn's failure, or null.</summary>
    public RolloutError? Error { get; init; }

    /// <summary>The thread's total of tokens at the turn's end, or null.</summary>
    public Usage? Total { get; init; }

    /// <summary>The thread's total of tokens before the turn, in a fork with its parent's; null if unknown.</summary>
    public Usage? TotalBefore { get; init; }

    /// <summary>Whether the turn made calls, finished or not.</summary>
    public bool HasCalls { get; init; }

    /// <summary>The agent's messages in the turn; null if the rollout could not be read.</summary>
    public RecordedMessages? Messages { get; init; }

    /// <summary>The account's rate limit windows, or null.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>Findings with one notice and nothing else.</summary>
    public static RolloutFindings Of(string code, string message) => new() { Notices = [new CanonicalEvent.Notice(code, message)] };

    /// <summary>Refines a failure that was derived from codex's text with what the rollout says.</summary>
    public TurnFailure Refine(TurnFailure failure)
    {
        var refined = Error?.Refine(failure) ?? failure;
        return refined.Class is TurnErrorClass.UsageLimit or TurnErrorClass.RateLimit && RateLimits?.FreeAgainAt is { } resetsAt
            ? refined with
            {
                ResetsAt = resetsAt,
            }
            : refined;
    }
}
