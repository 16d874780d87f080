using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Forks;

/// <summary>Opens the rollouts whose beginnings a fork continues: that of its parent, that of the parent's parent, and so on.</summary>
/// <param name="opener">Opens them.</param>
internal sealed class RolloutAncestors(RolloutOpener opener)
{
    // A fork of a fork is nothing special, but a chain this long is damage.
    private const int MaxDepth = 64;

    /// <summary>The ancestors of a rollout, nearest first; none if it is no fork. Each is closed when the next one is asked for.</summary>
    /// <param name="thread">The thread of the rollout.</param>
    /// <param name="fork">The rollout.</param>
    /// <exception cref="RolloutAncestryException">One is gone or damaged, or there are too many; the message names it.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public IEnumerable<RolloutAncestor> Of(ThreadId thread, OpenRollout fork)
    {
        var seen = new HashSet<ThreadId> { thread };
        var origin = RolloutOrigin.Of(fork.File);
        while (origin is { Length: { } length, Parent: var parent })
        {
            if (!seen.Add(parent))
            {
                throw new RolloutAncestryException($"the thread {parent} is named as an origin of its own");
            }

            if (seen.Count > MaxDepth + 1)
            {
                throw new RolloutAncestryException(FormattableString.Invariant($"the thread {thread} has more than {MaxDepth} origins"));
            }

            using var rollout = opener.TryOpen(parent, out var problem)
                ?? throw new RolloutAncestryException(
                    $"the rollout of the thread {parent}, its origin, cannot be read: {problem ?? "it is gone"}"
                );
            yield return new RolloutAncestor(parent, rollout, Math.Min(length, rollout.Length));
            origin = RolloutOrigin.Of(rollout.File);
        }
    }
}

/// <summary>The rollout of which a fork continues the beginning.</summary>
/// <param name="Thread">Its thread.</param>
/// <param name="Rollout">The open rollout.</param>
/// <param name="Length">How many of its bytes, unpacked, belong to the fork.</param>
internal sealed record RolloutAncestor(ThreadId Thread, OpenRollout Rollout, long Length);
