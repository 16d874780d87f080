namespace Plexum.Codex.Host.Faults;

/// <summary>A test with a daemon as a process, of which nothing is left behind.</summary>
public abstract class FaultTest : IAsyncLifetime, IAsyncDisposable
{
    private protected FaultTest(params string[] script) => Daemon = new FaultDaemon(script);

    private protected FaultDaemon Daemon { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
