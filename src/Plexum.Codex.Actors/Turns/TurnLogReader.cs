using System.Runtime.CompilerServices;

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
        using var log = new TurnLogCursor(path, time, afterSeq);
        while (await log.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (log.TryNext())
            {
                var json = new byte[log.Length];
                log.ReadExactly(json);
                yield return new TurnLogLine(log.Seq, json, log.IsEnd);
                if (log.IsEnd)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>What a log that nobody writes to any more ends with.</summary>
    /// <returns>The number of the last event, 0 for none, and whether it is a <c>message_end</c>.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static (long LastSeq, bool HasEnd) FindEnd(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var (seq, _, hasEnd) = TurnLogTail.Find(file, RandomAccess.GetLength(file));
        return (seq, hasEnd);
    }
}
