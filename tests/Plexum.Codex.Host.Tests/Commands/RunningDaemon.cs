namespace Plexum.Codex.Host.Commands;

/// <summary>A <c>serve</c> of a stage's profile as a process of its own.</summary>
internal sealed class RunningDaemon : IDisposable
{
    private const int Kill = 9;

    private readonly PlexumCodexProcess _process;

    private RunningDaemon(PlexumCodexProcess process) => _process = process;

    /// <summary>Starts it; it takes requests when the task completes.</summary>
    public static async Task<RunningDaemon> StartAsync(HostStage stage, params string[] arguments)
    {
        var daemon = new RunningDaemon(stage.Start(["serve", .. arguments]));
        await daemon._process.ComplainsAsync("listening at ");
        return daemon;
    }

    /// <summary>Waits for a line on its standard error.</summary>
    public Task ComplainsAsync(string text) => _process.ComplainsAsync(text);

    /// <summary>Ends it as a failure of the machine would.</summary>
    public async Task KillAsync()
    {
        _process.Signal(Kill);
        await _process.EndsAsync();
    }

    /// <summary>Ends it as systemd does.</summary>
    public async Task<ProgramEnd> StopAsync()
    {
        _process.Signal(15);
        return await _process.EndsAsync();
    }

    public void Dispose() => _process.Dispose();
}
