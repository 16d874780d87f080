using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Files;

/// <summary>Reads a turn's log.</summary>
public static class TurnLogReader
{
    /// <summary>Follows a log to its end; see <see cref="TurnLogLines.FollowAsync"/>.</summary>
    /// <param name="path">The log, which must exist.</param>
    /// <param name="time">The clock for polling the file.</param>
    /// <param name="afterSeq">The last event already known; 0 for all events.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static IAsyncEnumerable<TurnLogLine> FollowAsync(
        string path, TimeProvider time, long afterSeq = 0, CancellationToken cancellationToken = default) =>
        new TurnLogCursor(path, time, afterSeq).FollowAsync(cancellationToken);

    /// <summary>The end of a log that nobody writes to any more.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static TurnLogEnd FindEnd(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var (seq, _, hasEnd) = TurnLogTail.Find(file, RandomAccess.GetLength(file));
        return new TurnLogEnd(seq, hasEnd);
    }

    /// <summary>Reads the complete lines of a log. A missing log counts as empty.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static LoggedTurn Look(string path)
    {
        if (!File.Exists(path))
        {
            return LoggedTurn.Nothing;
        }

        var logged = new LoggedTurn();
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var framer = new JsonlFramer();
        for (long position = 0; ;)
        {
            var room = framer.GetMemory();
            var count = RandomAccess.Read(file, room.Span, position);
            if (count == 0)
            {
                return logged;
            }

            position += count;
            framer.Advance(count);
            while (framer.TryRead(out var line))
            {
                if (CanonicalJsonReader.TryRead(line.Bytes.ToArray(), out _, out var value))
                {
                    logged.Count(value);
                }
            }
        }
    }
}
