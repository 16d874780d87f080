namespace Plexum.Codex.Host.Daemon;

/// <summary>A test with a daemon, of which nothing is left behind.</summary>
public abstract class DaemonTest : IAsyncLifetime, IAsyncDisposable
{
    private protected DaemonTest(params string[] script) => Stage = new DaemonStage(script);

    private protected DaemonStage Stage { get; }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
