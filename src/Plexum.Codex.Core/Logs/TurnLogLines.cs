using System.Runtime.CompilerServices;

namespace Plexum.Codex.Logs;

/// <summary>Reads a turn's log line by line.</summary>
public static class TurnLogLines
{
    /// <summary>
    /// The events from the reader's position on, existing and future ones. It ends after the <c>message_end</c>; to stop following a
    /// turn that never ends, cancel the token. Nothing is read ahead of the consumer, and the reader is closed at the end.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Stops following.</param>
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
