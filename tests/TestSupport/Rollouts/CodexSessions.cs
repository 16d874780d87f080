using System.Globalization;

namespace Plexum.Codex.TestSupport.Rollouts;

/// <summary>Rollouts in a home of codex's, where specs need some beside those of the thread in question.</summary>
public static class CodexSessions
{
    /// <summary>When a thread began, as its id tells.</summary>
    public static DateTimeOffset BeginOf(string thread)
    {
        var digits = thread.Replace("-", "", StringComparison.Ordinal).AsSpan(0, 12);
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    /// <summary>The directory in which codex begins the rollout of a thread.</summary>
    public static string DayOf(string codexHome, string thread) =>
        Path.Combine(codexHome, "sessions", BeginOf(thread).ToLocalTime().ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture));

    /// <summary>Puts the rollout of another thread, which began a minute earlier, where that of a thread belongs.</summary>
    /// <returns>Its path.</returns>
    public static string PutNeighbour(string codexHome, string thread) =>
        Put(DayOf(codexHome, thread), Guid.CreateVersion7(BeginOf(thread).AddMinutes(-1)).ToString());

    /// <summary>Puts a small rollout of a thread into a directory.</summary>
    /// <returns>Its path.</returns>
    public static string Put(string directory, string thread) => Put(directory, thread, "");

    /// <summary>Puts a small rollout of a fork, which continues that of its parent, into a directory.</summary>
    /// <returns>Its path.</returns>
    public static string PutFork(string directory, string thread, string parent) =>
        Put(directory, thread, ",\"history_base\":{\"thread_id\":\"" + parent + "\",\"end_byte_offset\":10}");

    private static string Put(string directory, string thread, string more)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, $"rollout-2026-01-01T00-00-00-{thread}.jsonl");
        File.WriteAllText(
            path,
            "{\"timestamp\":\"2026-01-01T00:00:00.000Z\",\"ordinal\":0,\"type\":\"session_meta\","
                + ("\"payload\":{\"id\":\"" + thread + "\"" + more + "}}\n")
        );
        return path;
    }
}
