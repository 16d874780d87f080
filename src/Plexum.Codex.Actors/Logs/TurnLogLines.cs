using System.Runtime.CompilerServices;

namespace Plexum.Codex.Logs;

/// <summary>Reads a turn's log line by line.</summary>
public static class TurnLogLines
{
    /// <summary>
    /// The events from the reader's place on, those that are there and those to come. It ends behind the <c>message_end</c>; a turn
    /// that never ends is left by the token. Nothing is read ahead of the consumer, and the reader is closed at the end.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static async IAsyncEnumerable<TurnLogLine> FollowAsync(
        this ITurnLogReader log, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using (log)
        {
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
    }
}
