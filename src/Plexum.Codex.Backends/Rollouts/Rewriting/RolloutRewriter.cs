using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>
/// Replaces the text of tool calls in a rollout with markers, which the model gets when the thread continues. All other bytes keep
/// their values and positions; shorter values are padded with spaces. The copies of outputs in <c>event_msg</c> records stay, since
/// they are for people and not for the model.
/// </summary>
internal static class RolloutRewriter
{
    /// <summary>Rewrites a rollout if anything changes. The caller must hold the thread's writer lock.</summary>
    /// <param name="path">The rollout.</param>
    /// <param name="request">What to do with which calls.</param>
    /// <param name="limits">The limit of a compressed rollout's unpacked length. If anything changes, the rollout stays unpacked.</param>
    /// <exception cref="CodexException">The rollout cannot be read or written; it is unchanged.</exception>
    public static ConsumeResult Apply(string path, RewriteRequest request, RolloutLimits? limits = null)
    {
        try
        {
            RewrittenFile.RemoveStale(path);
            using var file = OpenRollout.TryOpen(path, Path.GetDirectoryName(path)!, limits ?? new RolloutLimits(), out var problem);
            if (file is null)
            {
                return problem is null
                    ? new ConsumeResult(0, request.Count, request.Warnings)
                    : throw new CodexException($"Nothing was consumed, because {path} cannot be used: {problem}.");
            }

            var edits = RolloutRewrites.Find(file.File, request);
            if (edits.Edits.Count > 0)
            {
                using var replacement = new RewrittenFile(path, file.Source, RolloutFile.IsPacked(path) ? file.File : null);
                replacement.Commit(edits.Edits);
            }

            return edits.Result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"Nothing was consumed: {e.Message} The rollout {path} is unchanged.", e);
        }
    }
}
