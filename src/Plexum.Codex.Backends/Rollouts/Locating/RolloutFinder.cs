using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>
/// Finds the rollout of a thread: <c>sessions/YYYY/MM/DD/rollout-&lt;local time&gt;-&lt;thread&gt;.jsonl</c> in codex's home. Older
/// versions put it directly in <c>sessions/</c>; newer ones may add <c>.zst</c>. Links below <c>sessions/</c> are never followed. It
/// is stateless and thread-safe.
/// </summary>
/// <param name="codexHome">codex's home.</param>
/// <param name="time">The clock, to search recent days first.</param>
internal sealed class RolloutFinder(string codexHome, TimeProvider time)
{
    private static readonly EnumerationOptions Entries = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
        MatchType = MatchType.Simple,
        MatchCasing = MatchCasing.CaseSensitive,
    };

    private readonly string _sessions = Path.Combine(codexHome, "sessions");

    /// <summary>
    /// The rollout of a thread; null when there is none. A plain file takes precedence over a compressed one, then the one changed
    /// last. It searches the days on which the thread may have begun, and all others only if it finds nothing there.
    /// </summary>
    /// <exception cref="IOException">The sessions cannot be read; the message names the directory and the reason.</exception>
    public RolloutFile? Find(ThreadId thread)
    {
        try
        {
            return Newest(LikelyDirectories(thread), thread) ?? Newest(AllDirectories(), thread);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The rollouts in {_sessions} cannot be read: {e.Message} Check the permissions of codex's home.", e);
        }
    }

    private static RolloutFile? Newest(IEnumerable<string> directories, ThreadId thread) =>
        directories
            .SelectMany(directory => RolloutsIn(directory, thread))
            .Select(path => (File: RolloutFile.At(path), Changed: File.GetLastWriteTimeUtc(path)))
            .Where(found => found.File is not null)
            .OrderBy(found => found.File!.IsCompressed)
            .ThenByDescending(found => found.Changed)
            .FirstOrDefault()
            .File;

    private static IEnumerable<string> RolloutsIn(string directory, ThreadId thread) =>
        Directory
            .EnumerateFiles(directory, $"rollout-*-{thread}.jsonl*", Entries)
            .Where(path => path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".jsonl.zst", StringComparison.Ordinal));

    private IEnumerable<string> LikelyDirectories(ThreadId thread)
    {
        var now = time.GetUtcNow();
        return new[] { now, RolloutName.BeginOf(thread) ?? now }
            .SelectMany(RolloutName.DaysAround)
            .Select(day => day.Split('/'))
            .Select(parts => (string[])[parts[0], Path.Combine(parts[0], parts[1]), Path.Combine(parts)])
            .Where(steps => Array.TrueForAll(steps, step => IsDirectory(Path.Combine(_sessions, step))))
            .Select(steps => Path.Combine(_sessions, steps[^1]))
            .Prepend(_sessions)
            .Where(Directory.Exists)
            .Distinct();
    }

    // Newest directories first.
    private IEnumerable<string> AllDirectories() =>
        Directory.Exists(_sessions) ? new[] { _sessions }.Concat(Below(_sessions).SelectMany(Below).SelectMany(Below)) : [];

    private static IEnumerable<string> Below(string directory) =>
        Directory.EnumerateDirectories(directory, "*", Entries).Where(IsDirectory).OrderDescending(StringComparer.Ordinal);

    private static bool IsDirectory(string path) => FileStatus.OfPath(path) is { Kind: FileKind.Directory };
}
