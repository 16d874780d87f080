using Plexum.Codex.Client;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Turns;

/// <summary>A turn of the daemon whose events are shown.</summary>
/// <param name="daemon">The daemon.</param>
/// <param name="turn">The turn.</param>
/// <param name="log">The path of its event log, for error messages.</param>
internal sealed class RemoteTurn(DaemonClient daemon, TurnId turn, string log)
{
    /// <summary>Takes each event after it is shown; null for nobody.</summary>
    public Action<ReadOnlyMemory<byte>>? Shown { get; init; }

    /// <summary>Shows the events after one event, up to another or the turn's end.</summary>
    /// <param name="output">Shows them.</param>
    /// <param name="after">The event to start after; 0 for the first.</param>
    /// <param name="upTo">The last event to show; null for the turn's last.</param>
    /// <param name="cancellationToken">Stops showing.</param>
    /// <returns>How the turn ended; null if its end was not read.</returns>
    /// <exception cref="DaemonException">The daemon was unreachable for too long, or refused.</exception>
    public async Task<StopReason?> ShowAsync(EventOutput output, long after, long? upTo, CancellationToken cancellationToken)
    {
        try
        {
            await using var events = daemon.Read(turn, after);
            while (events.LastSeq < (upTo ?? long.MaxValue) && await events.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                output.Show(line.Json, log);
                Shown?.Invoke(line.Json);
                if (line.IsEnd)
                {
                    return StopReasonOf(line);
                }
            }

            return null;
        }
        finally
        {
            output.Finish(log);
        }
    }

    /// <summary>How a turn ended, by its last event.</summary>
    public static StopReason StopReasonOf(TurnLogLine line) =>
        CanonicalJsonReader.TryRead(line.Json, out _, out var value) && value is CanonicalEvent.MessageEnd end
            ? end.StopReason
            : StopReason.Error;
}
