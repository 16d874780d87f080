using System.IO.Pipelines;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>A plugin in the process of the tests, with its host.</summary>
internal sealed class PluginInPlace : IAsyncDisposable
{
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly TaskCompletionSource _stop = new();
    private readonly PluginSession _session = new([], _ => new Unlogged());
    private readonly PluginDaemon _daemon;

    /// <param name="profile">The profile that it works for.</param>
    /// <param name="hostReads">Whether its host reads from the beginning.</param>
    /// <param name="program">What starts a daemon; by default none can be started.</param>
    /// <param name="settings">Settings, as <c>--set</c> takes them.</param>
    public PluginInPlace(Profile profile, bool hostReads = true, string program = "/dev/null", params string[] settings)
    {
        _session.Initialise(profile.Root, settings);
        _daemon = new PluginDaemon(_session, new DaemonProgram(program, []), TimeProvider.System)
        {
            ReconnectPolicy = TimeSpan.FromMilliseconds(program == "/dev/null" ? 60_000 : 200),
        };
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
        await Running.WithinLimit();
        Host.Dispose();
        _daemon.Dispose();
        _session.Dispose();
    }

    private sealed class Unlogged : IDisposable
    {
        public void Dispose() { }
    }
}
