using Plexum.Codex.Turns;

namespace Plexum.Codex.Events;

/// <summary>A failure in a form for programs and people.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="Class">What kind of failure it was.</param>
/// <param name="Retryable">Whether the same turn may succeed later without any change.</param>
/// <param name="ResetsAt">When a limit is lifted, if known.</param>
public sealed record TurnFailure(string Code, string Message, TurnErrorClass Class, bool Retryable, DateTimeOffset? ResetsAt = null)
{
    /// <summary>The failure as an event.</summary>
    public CanonicalEvent.Error ToEvent() => new(Code, Message, Class, ResetsAt, Retryable);
}
