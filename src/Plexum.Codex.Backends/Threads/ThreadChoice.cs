using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>The thread that a turn works in.</summary>
/// <param name="Thread">The thread to continue; null to begin a new one.</param>
/// <param name="Notices">What the readers of the turn should know about it.</param>
public sealed record ThreadChoice(ThreadId? Thread, ImmutableArray<CanonicalEvent.Notice> Notices)
{
    /// <summary>A new thread, about which there is nothing to say.</summary>
    public static ThreadChoice New { get; } = new(null, []);
}
