namespace Plexum.Codex.Host.Commands;

/// <summary>A daemon with default settings for all tests of a class, each of which has an agent of its own.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    private RunningDaemon? _daemon;

    // With a script from the start: whether there is one is in the daemon's environment.
    internal HostStage Stage { get; } = new("thread", "turn", "say ${prompt}", "completed 1 1");

    public async Task InitializeAsync() => _daemon = await RunningDaemon.StartAsync(Stage);

    public Task DisposeAsync()
    {
        _daemon?.Dispose();
        Stage.Dispose();
        return Task.CompletedTask;
    }
}
