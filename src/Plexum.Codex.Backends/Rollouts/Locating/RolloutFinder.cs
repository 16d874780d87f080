using System.Globalization;
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
    // In the year 9987: a UUID can encode later times, but a DateTime cannot.
    private const long LatestMilliseconds = 253_000_000_000_000;

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

    // codex names the directories by its local date. Its thread ids are UUIDs of version 7, which begin with their creation time.
    private IEnumerable<string> LikelyDirectories(ThreadId thread)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var begun = thread.Value.Version == 7 ? BeginOf(thread) : now;
        DateTime[] moments = [now, begun];
        return moments
            .SelectMany(moment => new[] { moment.AddDays(1), moment, moment.AddDays(-1) })
            .Select(day => day.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture).Split('/'))
            .Select(parts => (string[])[parts[0], Path.Combine(parts[0], parts[1]), Path.Combine(parts)])
            .Where(steps => Array.TrueForAll(steps, step => IsDirectory(Path.Combine(_sessions, step))))
            .Select(steps => Path.Combine(_sessions, steps[^1]))
            .Prepend(_sessions)
            .Where(Directory.Exists)
            .Distinct();
    }

    private static DateTime BeginOf(ThreadId thread)
    {
        Span<byte> bytes = stackalloc byte[16];
        thread.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds =
            ((long)bytes[0] << 40)
            | ((long)bytes[1] << 32)
            | ((long)bytes[2] << 24)
            | ((long)bytes[3] << 16)
            | ((long)bytes[4] << 8)
            | bytes[5];
        return DateTime.UnixEpoch.AddMilliseconds(Math.Min(milliseconds, LatestMilliseconds));
    }

    // Newest directories first.
    private IEnumerable<string> AllDirectories() =>
        Directory.Exists(_sessions) ? new[] { _sessions }.Concat(Below(_sessions).SelectMany(Below).SelectMany(Below)) : [];

    private static IEnumerable<string> Below(string directory) =>
        Directory.EnumerateDirectories(directory, "*", Entries).Where(IsDirectory).OrderDescending(StringComparer.Ordinal);

    private static bool IsDirectory(string path) => FileStatus.OfPath(path) is { Kind: FileKind.Directory };
}
