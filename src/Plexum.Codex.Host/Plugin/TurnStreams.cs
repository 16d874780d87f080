using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The turns whose events go to the host now. Of one turn there is one stream: who asks for it again gets a new one, behind the end of the old.</summary>
internal sealed class TurnStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TurnId, TurnStream> _streams = [];

    /// <summary>Begins to stream.</summary>
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

    /// <summary>Ends all streams; the turns go on.</summary>
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
