
namespace Plexum.Codex.Rollouts;

/// <summary>
/// Takes the text of tool calls out of a rollout, so that the model gets markers instead when the thread goes on. All other bytes
/// stay as they are, and every byte stays at its place: what a value is shorter becomes spaces behind it. The copies of outputs in
/// <c>event_msg</c> records stay, since they are for people and not for the model.
/// </summary>
internal static class RolloutRewriter
{
    /// <summary>Rewrites a rollout; call it only with the thread's writer lock. A file in which nothing changes is not written.</summary>
    /// <param name="path">The rollout.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="limits">How large a compressed rollout may become; it is unpacked beside itself and stays so if anything changes.</param>
    /// <exception cref="CodexException">It cannot be read or written; it is as it was.</exception>
    public static ConsumeResult Apply(string path, ConsumeRequest request, RolloutLimits? limits = null)
    {
        try
        {
            RolloutReplacement.RemoveStale(path);
            using var file = OpenRollout.TryOpen(path, Path.GetDirectoryName(path)!, limits ?? new RolloutLimits(), out var problem);
            if (file is null)
            {
                return problem is null
                    ? new ConsumeResult(0, request.Count, request.Warnings)
                    : throw new CodexException($"Nothing was consumed: {path} cannot be used, {problem}.");
            }

            var edits = RolloutEdits.Find(file.File, request);
            if (edits.Edits.Count > 0)
            {
                using var replacement = new RolloutReplacement(path, file.Source, RolloutFile.IsPacked(path) ? file.File : null);
                replacement.Commit(edits.Edits);
            }

            return edits.Result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodexException($"Nothing was consumed: {e.Message} The rollout {path} is as it was.", e);
        }
    }
}
