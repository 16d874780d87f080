namespace Plexum.Codex.TestSupport;

/// <summary>A test with a daemon in its own process, of which nothing is left behind.</summary>
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
