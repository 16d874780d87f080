using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// Looks for the rollouts whose beginnings a fork continues. Codex does not load a fork if one of them is gone (measured on 0.169.0 and
/// 0.171.0).
/// </summary>
internal static class ForkCheck
{
    private const int MaxDepth = 64;

    /// <summary>The nearest origin that has no rollout; null if there is none, or if a compressed rollout hides it.</summary>
    /// <param name="path">The rollout of the fork, if it is one.</param>
    /// <param name="find">Finds the rollout of a thread; null if there is none.</param>
    /// <exception cref="IOException">A rollout cannot be read.</exception>
    public static ThreadId? MissingOrigin(string path, Func<ThreadId, string?> find)
    {
        var next = path;
        for (var depth = 0; depth < MaxDepth && !RolloutFile.IsPacked(next); depth++)
        {
            if (OriginOf(next) is not { } parent)
            {
                return null;
            }

            if (find(parent) is not { } found)
            {
                return parent;
            }

            next = found;
        }

        return null;
    }

    private static ThreadId? OriginOf(string path)
    {
        using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
        try
        {
            return file is not null && RolloutOrigin.Of(file) is { Length: not null, Parent: var parent } ? parent : null;
        }
        catch (RolloutAncestryException)
        {
            // A first record that is too long to be read here may be right for codex.
            return null;
        }
    }
}
