using System.IO.Pipelines;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Plugin;

/// <summary>A plugin in the process of the tests, with its host. The daemon must be running: it cannot start one.</summary>
internal sealed class PluginInPlace : IAsyncDisposable
{
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly TaskCompletionSource _stop = new();
    private readonly PluginSession _session = new([], _ => new Unlogged());
    private readonly PluginDaemon _daemon;

    public PluginInPlace(Profile profile, bool hostReads = true, bool initialise = true)
    {
        if (initialise)
        {
            _session.Initialise(profile.Root, []);
        }

        _daemon = new PluginDaemon(_session, new DaemonProgram("/dev/null", []), TimeProvider.System);
        Running = PluginProcess.RunAsync(_input.Reader.AsStream(), _output.Writer.AsStream(), _session, _daemon, _stop.Task);
        Host = new PlexumHost(_input.Writer.AsStream(), _output.Reader.AsStream(), hostReads);
    }

    public PlexumHost Host { get; }

    /// <summary>Completes when the plugin has ended.</summary>
    public Task Running { get; }

    public async ValueTask DisposeAsync()
    {
        _stop.TrySetResult();
        await _output.Reader.CompleteAsync();
        await Running.WaitAsync(Daemon.DaemonStage.Limit);
        Host.Dispose();
        _daemon.Dispose();
        _session.Dispose();
    }

    private sealed class Unlogged : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
