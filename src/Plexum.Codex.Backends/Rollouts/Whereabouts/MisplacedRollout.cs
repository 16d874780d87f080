using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Whereabouts;

/// <summary>
/// A rollout that is not where codex's index of threads has it. A codex that is killed while it archives a thread, or brings one back, has
/// moved the file and not written that down; from then on it neither archives the thread nor brings it back nor resumes it (measured on
/// 0.169.0 and 0.171.0). Once the file is where the index has it, codex does all of that.
/// </summary>
internal static class MisplacedRollout
{
    private const string Archive = "archived_sessions";
    private const string Sessions = "/sessions/";

    /// <summary>Whether codex's index has a rollout in the archive.</summary>
    /// <param name="indexed">Where it has it.</param>
    public static bool IsInArchive(string indexed) => Path.GetFileName(Path.GetDirectoryName(indexed)) == Archive;

    /// <summary>Moves a rollout to where codex's index has it. File work.</summary>
    /// <param name="thread">Its thread, which nobody may write to.</param>
    /// <param name="indexed">Where the index has it.</param>
    /// <returns>Whether it was elsewhere, and is there now.</returns>
    /// <exception cref="IOException">It cannot be looked for or moved.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be moved.</exception>
    public static bool PutBack(ThreadId thread, string indexed)
    {
        if (RolloutName.ThreadOf(indexed) != thread || File.Exists(indexed) || Elsewhere(thread, indexed) is not { } path)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(indexed)!);
        File.Move(path, indexed);
        return true;
    }

    private static string? Elsewhere(ThreadId thread, string indexed)
    {
        var name = Path.GetFileName(indexed);
        if (IsInArchive(indexed))
        {
            var home = Path.GetDirectoryName(Path.GetDirectoryName(indexed))!;
            var found = new RolloutFinder(home, TimeProvider.System).Find(thread)?.Path;
            return Path.GetFileName(found) == name ? found : null;
        }

        var end = indexed.LastIndexOf(Sessions, StringComparison.Ordinal);
        var archived = end < 0 ? null : Path.Combine(indexed[..end], Archive, name);
        return File.Exists(archived) ? archived : null;
    }
}
