using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>The running streams, one for each turn: another request for a turn replaces its stream after the old one has ended.</summary>
internal sealed class TurnStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TurnId, TurnStream> _streams = [];

    /// <summary>Starts a stream.</summary>
    /// <returns>Completes when the stream has ended.</returns>
    public Task Begin(TurnStream stream)
    {
        Task running;
        lock (_gate)
        {
            running = stream.Start(_streams.GetValueOrDefault(stream.Id));
            _streams[stream.Id] = stream;
        }

        return ForgetAsync(stream, running);
    }

    /// <summary>Stops all streams; the turns continue.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            foreach (var stream in _streams.Values)
            {
                stream.Stop();
            }
        }
    }

    private async Task ForgetAsync(TurnStream stream, Task running)
    {
        await running.ConfigureAwait(false);
        lock (_gate)
        {
            if (_streams.GetValueOrDefault(stream.Id) == stream)
            {
                _streams.Remove(stream.Id);
            }
        }
    }
}
