using Plexum.Codex.Turns;

namespace Plexum.Codex.Sessions;

/// <summary>What the session file of a workspace says: <see cref="Fresh"/>, <see cref="Resumable"/> or <see cref="SetAside"/>.</summary>
public abstract record SessionState
{
    private SessionState() { }

    /// <summary>There is none: the next turn begins a thread.</summary>
    public sealed record Fresh : SessionState
    {
        /// <summary>The only one there is.</summary>
        public static Fresh Instance { get; } = new();
    }

    /// <summary>The next turn goes on in this thread.</summary>
    /// <param name="ThreadId">The thread.</param>
    public sealed record Resumable(ThreadId ThreadId) : SessionState;

    /// <summary>It could not be used, so it was moved away and the next turn begins a thread.</summary>
    /// <param name="Reason">What was wrong with it, as the end of a sentence: <c>it is a link</c>.</param>
    /// <param name="MovedTo">Its new path.</param>
    public sealed record SetAside(string Reason, string MovedTo) : SessionState
    {
        /// <summary>The notice for the reader of the turn.</summary>
        public CanonicalEvent.Notice ToNotice() => new(
            NoticeCodes.SessionSetAside,
            $"The session file of the workspace could not be used: {Reason}. It was moved to {MovedTo} and a new thread begins; what was said before is not known to it.");
    }
}
