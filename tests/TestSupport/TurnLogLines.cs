using System.Runtime.CompilerServices;
using Plexum.Codex.Files;
using Plexum.Codex.Logs;

namespace Plexum.Codex.TestSupport;

/// <summary>Reads a turn's log line by line, with a <see cref="TurnLogCursor"/> alone.</summary>
internal static class TurnLogLines
{
    /// <summary>The events after one, those that are there and those to come, to the <c>message_end</c>. Nothing is read ahead.</summary>
    public static async IAsyncEnumerable<TurnLogLine> FollowAsync(
        string path,
        TimeProvider time,
        long afterSeq = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var log = new TurnLogCursor(path, time, afterSeq);
        while (await log.WaitAsync(cancellationToken))
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
