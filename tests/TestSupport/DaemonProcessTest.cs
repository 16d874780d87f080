namespace Plexum.Codex.TestSupport;

/// <summary>
/// A test with a daemon as a process, of which nothing is left behind. Its socket lies beside the profile, so that it can be reached
/// where the profile is mounted for the daemon alone.
/// </summary>
public abstract class DaemonProcessTest : IAsyncLifetime, IAsyncDisposable
{
    /// <param name="script">What codex does.</param>
    protected DaemonProcessTest(params string[] script)
    {
        Stage = new HostStage(script);
        Directory.CreateDirectory(Stage.Profile);
        Daemon = Stage.NewDaemon(Stage.File("d.sock"));
    }

    /// <summary>The profile, and the codex.</summary>
    protected HostStage Stage { get; }

    /// <summary>The daemon, which is not started.</summary>
    protected DaemonProcess Daemon { get; }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        Stage.Dispose();
        GC.SuppressFinalize(this);
    }
}
