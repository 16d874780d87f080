using Plexum.Codex.Ledger;

namespace Plexum.Codex.Gateway;

/// <summary>The result of following a turn.</summary>
public abstract record FollowAnswer
{
    private FollowAnswer() { }

    /// <summary>The turn is followed from now on.</summary>
    /// <param name="Follower">The follower. The caller disposes it.</param>
    public sealed record Followed(TurnFollower Follower) : FollowAnswer;

    /// <summary>There is no such turn, or it was forgotten.</summary>
    public sealed record Unknown : FollowAnswer
    {
        /// <summary>The only instance.</summary>
        public static Unknown Instance { get; } = new();
    }

    /// <summary>The turn has ended and its events were deleted to make room.</summary>
    /// <param name="Turn">What the ledger still knows.</param>
    public sealed record Removed(TurnEntry Turn) : FollowAnswer;
}
