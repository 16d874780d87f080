using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>The state of a workspace's session file: <see cref="Fresh"/>, <see cref="Resumable"/> or <see cref="SetAside"/>.</summary>
public abstract record SessionState
{
    private SessionState() { }

    /// <summary>There is no session file.</summary>
    public sealed record Fresh : SessionState
    {
        /// <summary>The only instance.</summary>
        public static Fresh Instance { get; } = new();
    }

    /// <summary>The file names a thread.</summary>
    /// <param name="ThreadId">The thread.</param>
    public sealed record Resumable(ThreadId ThreadId) : SessionState;

    /// <summary>The file was unusable, so it was moved aside.</summary>
    /// <param name="Reason">What was wrong with it, as the end of a sentence: <c>it is a link</c>.</param>
    /// <param name="MovedTo">Its new path.</param>
    public sealed record SetAside(string Reason, string MovedTo) : SessionState
    {
        /// <summary>The notice for readers of the turn.</summary>
        /// <param name="own">The agent's thread, which the turn continues all the same; null if it begins a new one.</param>
        public CanonicalEvent.Notice ToNotice(ThreadId? own) =>
            new(
                NoticeCodes.SessionSetAside,
                $"The session file of the workspace could not be used: {Reason}. It was moved to {MovedTo} and "
                    + (
                        own is { } thread
                            ? $"the turn continues the agent's thread {thread}."
                            : "a new thread was started, which does not know the earlier conversation."
                    )
            );
    }
}
