using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>
/// Opens the rollout of a thread where it is now. codex compresses a rollout that has rested and unpacks one that it continues: it puts
/// the new file beside the old one and then deletes that one, and a reader holds no lock against it (measured on 0.169.0 and 0.171.0).
/// So a path can be gone a moment after it was found; the thread's rollout is then searched again. It is stateless and thread-safe.
/// </summary>
/// <param name="finder">Finds the rollout again.</param>
/// <param name="scratch">The directory in which a compressed rollout is unpacked.</param>
/// <param name="limits">The limit of the unpacked length.</param>
internal sealed class RolloutOpener(RolloutFinder finder, string scratch, RolloutLimits limits)
{
    // Each further one needs codex to compress or unpack the thread once more in between.
    private const int MaxAttempts = 4;

    /// <summary>
    /// Opens a rollout. Null without a <paramref name="problem"/> if the thread has none any more; null with one if it cannot be used.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="found">Where its rollout was found last.</param>
    /// <param name="problem">Why it cannot be used: the end of a sentence, without a full stop.</param>
    /// <exception cref="IOException">The sessions cannot be searched.</exception>
    public OpenRollout? TryOpen(ThreadId thread, RolloutFile found, out string? problem)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rollout = OpenRollout.TryOpen(found.Path, scratch, limits, out problem);
            if (rollout is not null || problem is not null || attempt == MaxAttempts || finder.Find(thread) is not { } moved)
            {
                return rollout;
            }

            found = moved;
        }
    }

    /// <summary>Finds and opens a rollout; null without a <paramref name="problem"/> if the thread has none.</summary>
    /// <inheritdoc cref="TryOpen(ThreadId, RolloutFile, out string?)"/>
    public OpenRollout? TryOpen(ThreadId thread, out string? problem)
    {
        problem = null;
        return finder.Find(thread) is { } found ? TryOpen(thread, found, out problem) : null;
    }

    /// <summary>Where the rollout ends now, with its unpacked length. Null if the thread has none any more.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="found">Where its rollout was found last.</param>
    /// <exception cref="IOException">It cannot be read or unpacked, or the sessions cannot be searched; the message says why.</exception>
    public RolloutMark? EndOf(ThreadId thread, RolloutFile found)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new RolloutMark(found.Path, OpenRollout.LengthOf(found, limits));
            }
            catch (IOException) when (attempt < MaxAttempts && RolloutFile.At(found.Path) is null)
            {
                if (finder.Find(thread) is not { } moved)
                {
                    return null;
                }

                found = moved;
            }
        }
    }
}
