using System.Globalization;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Locating;

/// <summary>
/// The name of a rollout, <c>rollout-&lt;local time&gt;-&lt;thread&gt;.jsonl</c>, perhaps with <c>.zst</c>, and of its directory,
/// <c>YYYY/MM/DD</c> in <c>sessions/</c>.
/// </summary>
internal static class RolloutName
{
    private const string Start = "rollout-";
    private const string Ending = ".jsonl";
    private const int IdLength = 36;

    // In the year 9987: a UUID can encode later times, but a DateTimeOffset cannot.
    private const long LatestMilliseconds = 253_000_000_000_000;

    /// <summary>The thread whose rollout has this name; null if it is the name of something else.</summary>
    public static ThreadId? ThreadOf(string path)
    {
        var name = Path.GetFileName(RolloutFile.PlainPathOf(path));
        return
            name.StartsWith(Start, StringComparison.Ordinal)
            && name.EndsWith(Ending, StringComparison.Ordinal)
            && name.Length >= Start.Length + IdLength + Ending.Length
            && ThreadId.TryParse(name.AsSpan(name.Length - Ending.Length - IdLength, IdLength), out var thread)
            ? thread
            : null;
    }

    /// <summary>When a thread began, which codex's ids tell: they are UUIDs of version 7. Null for another id.</summary>
    public static DateTimeOffset? BeginOf(ThreadId thread)
    {
        if (thread.Value.Version != 7)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = thread.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        foreach (var next in bytes[..6])
        {
            milliseconds = (milliseconds << 8) | next;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, LatestMilliseconds));
    }

    /// <summary>The directories, relative to <c>sessions/</c>, in which codex puts a thread that begins at a moment.</summary>
    /// <remarks>codex names them by its local date, which is that of UTC or one beside it.</remarks>
    public static IEnumerable<string> DaysAround(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        return new[] { utc.AddDays(1), utc, utc.AddDays(-1) }.Select(day => day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture));
    }
}
