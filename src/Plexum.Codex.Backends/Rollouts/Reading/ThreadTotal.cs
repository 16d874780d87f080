using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Finds a thread's token total at a place in its rollout: the last <c>token_count</c> before it. codex continues counting there when it
/// resumes the thread, and from the parent's count in a fork; without any it begins at zero (measured on 0.169.0 and 0.171.0).
/// </summary>
/// <param name="limits">How much of a call is read.</param>
/// <param name="ancestors">Opens the rollouts that a fork continues.</param>
internal sealed class ThreadTotal(RolloutLimits limits, RolloutAncestors ancestors)
{
    // A turn ends with its count, so the last one is nearly always in the first piece.
    private const long FirstPieceBytes = 64 * 1024;
    private const int Growth = 8;

    /// <summary>The total before an offset; null if a fork's parent cannot be read.</summary>
    /// <param name="rollout">The open rollout.</param>
    /// <param name="end">The offset, which is the beginning of a line.</param>
    /// <exception cref="IOException">The rollout cannot be read.</exception>
    public Usage? Before(OpenRollout rollout, long end)
    {
        if (LastIn(rollout, end) is { } own)
        {
            return own;
        }

        try
        {
            return ancestors
                .Of(rollout)
                .Select(ancestor => LastIn(ancestor.Rollout, ancestor.Length))
                .FirstOrDefault(total => total is not null)
                ?? Usage.Zero;
        }
        catch (IOException)
        {
            // The turn's usage is then unknown, and a notice says so.
            return null;
        }
    }

    // From the end, in growing pieces. The first line of a piece is torn, so it is no record.
    private Usage? LastIn(OpenRollout rollout, long end)
    {
        for (var piece = FirstPieceBytes; ; piece *= Growth)
        {
            var from = Math.Max(0, end - piece);
            var total = RolloutReading.Of(rollout.File, from, end, limits).Total;
            if (total is not null || from == 0)
            {
                return total;
            }
        }
    }
}
