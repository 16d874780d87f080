using System.Runtime.CompilerServices;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>One event as it stands in a <see cref="TurnLog"/>.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Json">The line without its newline; <see cref="CanonicalJsonReader"/> reads it.</param>
/// <param name="IsEnd">Whether it is the <c>message_end</c>, behind which nothing comes.</param>
public readonly record struct TurnLogLine(long Seq, ReadOnlyMemory<byte> Json, bool IsEnd);

/// <summary>Follows a turn's log, from any event on, until the turn has ended.</summary>
public static class TurnLogReader
{
    /// <summary>
    /// The events behind <paramref name="afterSeq"/>, those that are there and those to come. It ends behind the
    /// <c>message_end</c>; a turn that never ends is left by the token. Nothing is read ahead of the consumer.
    /// </summary>
    /// <param name="path">The log, which must exist.</param>
    /// <param name="time">The clock, where the file has to be polled.</param>
    /// <param name="afterSeq">The last event that is known already; 0 for all.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static async IAsyncEnumerable<TurnLogLine> FollowAsync(
        string path, TimeProvider time, long afterSeq = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var tail = new FileTail(path, time);
        using var framer = new JsonlFramer();
        var lines = new List<TurnLogLine>();
        while (await tail.ReadAsync(framer.GetMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            framer.Advance(count);
            Take(framer, afterSeq, lines);
            foreach (var line in lines)
            {
                yield return line;
                if (line.IsEnd)
                {
                    yield break;
                }
            }

            lines.Clear();
        }
    }

    private static void Take(JsonlFramer framer, long afterSeq, List<TurnLogLine> lines)
    {
        while (framer.TryRead(out var line))
        {
            var seq = TurnLogTail.ReadHead(line.Bytes[..Math.Min(line.Bytes.Length, 64)], out var isEnd);
            if (seq > afterSeq)
            {
                lines.Add(new TurnLogLine(seq, line.Bytes.ToArray(), isEnd));
            }
        }
    }
}
