using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Files;

/// <summary>Reads a whole turn's log.</summary>
public static class TurnLogReader
{
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
        for (long position = 0; ; )
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
