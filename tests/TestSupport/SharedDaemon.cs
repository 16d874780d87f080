namespace Plexum.Codex.TestSupport;

/// <summary>A daemon with default settings for all tests of a class, each of which has an agent of its own.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    private DaemonProcess? _daemon;

    /// <summary>The profile and the codex, which has a script from the start: the daemon's environment says whether there is one.</summary>
    public HostStage Stage { get; } = new("thread", "turn", "say ${prompt}", "completed 1 1");

    /// <summary>Its HTTP interface.</summary>
    public DaemonApi Api => _daemon!.Api;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _daemon = await Stage.StartDaemonAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await (_daemon?.DisposeAsync() ?? ValueTask.CompletedTask);
        Stage.Dispose();
    }
}
