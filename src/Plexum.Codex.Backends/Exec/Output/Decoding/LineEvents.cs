using Plexum.Codex.Output;

namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>
/// The events of one line of codex's stdout. Usually the line is one event. Other programs that write to the same stdout leave text
/// around it: a terminal's sequences, a byte order mark, a progress message, a log line. Such bytes are skipped and counted, before an
/// event, between two and after the last.
/// </summary>
/// <remarks>
/// Such text may also tear an event, and the model decides what stands in the arguments of a tool call. So an object that is a value
/// inside another one is no event, whatever it says. The time is linear in the line's length.
/// </remarks>
/// <param name="line">The line.</param>
internal ref struct LineEvents(ReadOnlySpan<byte> line)
{
    // An escape of six bytes in a torn string may take the next event's first bytes with it.
    private const int Overlap = 6;

    private readonly ReadOnlySpan<byte> _line = line;
    private int _at;

    /// <summary>How many events were found so far.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes were skipped so far. White space alone is not counted.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>How likely it is that what the last <see cref="Next"/> skipped was a message of the agent.</summary>
    public MessageLoss Loss { get; private set; }

    /// <summary>The next event.</summary>
    /// <returns>False at the end of the line.</returns>
    public bool Next(out CodexEvent e)
    {
        Loss = MessageLoss.None;
        var from = _at;
        while (FindStart(from) is >= 0 and var start)
        {
            e = CodexEventReader.Read(_line[start..], out var length, out var isWhole);
            var end = start + length;
            if (isWhole && e.Type != CodexEventType.Unreadable && !IsInside(start, end))
            {
                Skip(start);
                _at = end;
                Count++;
                return true;
            }

            // Whatever begins before the point at which a torn object stops being JSON is inside it.
            from = isWhole ? end : Math.Max(start + 1, end - Overlap);
        }

        Skip(_line.Length);
        _at = _line.Length;
        e = default;
        return false;
    }

    // A value is followed by a comma or a bracket, unless its line is torn there too; a name, a comma or a bracket stands before it.
    private readonly bool IsInside(int start, int end)
    {
        var after = _line[end..].TrimStart(" \t\r"u8);
        if (after is [(byte)',' or (byte)'}' or (byte)']', ..])
        {
            return true;
        }

        var before = _line[_at..start].TrimEnd(" \t\r"u8);
        return before is [.., (byte)'[' or (byte)','] or [.., (byte)'"', (byte)':'];
    }

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
            Loss = TornEvent.LossOf(skipped);
        }
    }
}
