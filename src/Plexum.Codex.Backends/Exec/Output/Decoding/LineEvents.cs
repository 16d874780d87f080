namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>
/// The events of one line of codex's stdout. Usually the line is one event. Other programs that write to the same stdout leave text
/// around it: a terminal's sequences, a byte order mark, a progress message, a log line. Such bytes are skipped and counted, before an
/// event, between two and after the last. Where a text begins like an event and is none, the search goes on behind its brace, a few
/// times per line; the time is linear in the line's length.
/// </summary>
/// <param name="line">The line.</param>
internal ref struct LineEvents(ReadOnlySpan<byte> line)
{
    /// <summary>How many texts of a line may begin like an event and be none.</summary>
    public const int MaxFailures = 8;

    private readonly ReadOnlySpan<byte> _line = line;
    private int _at;
    private int _failures;

    /// <summary>How many events were found so far.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes were skipped so far. White space alone is not counted.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Whether what the last <see cref="Next"/> skipped may have been a message of the agent.</summary>
    public bool HidesMessage { get; private set; }

    /// <summary>The next event.</summary>
    /// <returns>False at the end of the line.</returns>
    public bool Next(out CodexEvent e)
    {
        HidesMessage = false;
        var from = _at;
        var isInside = false;
        while (_failures < MaxFailures && FindStart(from) is >= 0 and var start)
        {
            e = CodexEventReader.Read(_line[start..], out var length);
            if (length > 0 && IsEvent(e.Type, isInside))
            {
                Skip(start);
                _at = start + length;
                Count++;
                return true;
            }

            if (length == 0)
            {
                // What is inside a torn event is no event, though an item of type error looks like one.
                isInside = true;
                _failures++;
            }

            from = start + Math.Max(1, length);
        }

        Skip(_line.Length);
        _at = _line.Length;
        e = default;
        return false;
    }

    private static bool IsEvent(CodexEventType type, bool isInside) =>
        type != CodexEventType.Unreadable && !(isInside && type is CodexEventType.Unknown or CodexEventType.Error);

    // An object with members, or one that the line's end cuts off.
    private readonly int FindStart(int from)
    {
        while (_line[from..].IndexOf((byte)'{') is >= 0 and var found)
        {
            from += found;
            if (from + 1 == _line.Length || _line[from + 1] is (byte)'"' or (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    private void Skip(int to)
    {
        var skipped = _line[_at..to];
        if (skipped.ContainsAnyExcept(" \t\r\n"u8))
        {
            SkippedBytes += skipped.Length;
            HidesMessage = TornEvent.MayBeMessage(skipped);
        }
    }
}
