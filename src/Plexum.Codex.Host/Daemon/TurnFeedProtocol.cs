using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What <see cref="TurnFeedActor"/> takes, beside the facts on the event stream.</summary>
internal static class TurnFeedProtocol
{
    /// <summary>Tell this watch of the turn's start and end from now on.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Watch">Who is told.</param>
    public sealed record Begin(TurnId TurnId, TurnWatch Watch);

    /// <summary>It need not be told any more.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Watch">Who was told.</param>
    public sealed record End(TurnId TurnId, TurnWatch Watch);
}
