using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Finds a thread's token total at a place in its rollout: the last <c>token_count</c> before it. codex continues counting there when it
/// resumes the thread, and from the parent's count in a fork; without any it begins at zero (measured on 0.169.0 and 0.171.0).
/// </summary>
/// <param name="ancestors">Opens the rollouts that a fork continues.</param>
internal sealed class ThreadTotal(RolloutAncestors ancestors)
{
    /// <summary>The total before an offset; null if the rollout or one that it continues cannot be read.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="rollout">Its open rollout.</param>
    /// <param name="end">The offset, which is the beginning of a line.</param>
    public Usage? Before(ThreadId thread, OpenRollout rollout, long end)
    {
        try
        {
            return LastTokenCount.Before(rollout.File, end)
                ?? ancestors
                    .Of(thread, rollout)
                    .Select(ancestor => LastTokenCount.Before(ancestor.Rollout.File, ancestor.Length))
                    .FirstOrDefault(total => total is not null)
                ?? Usage.Zero;
        }
        catch (IOException)
        {
            // The turn's usage is then unknown, and a notice says so.
            return null;
        }
    }
}
