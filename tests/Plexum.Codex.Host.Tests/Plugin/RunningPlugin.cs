using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The plugin as a process, with its host.</summary>
internal sealed class RunningPlugin : IDisposable
{
    private const string Command = "plugin";

    private readonly ProgramProcess _process;

    private RunningPlugin(ProgramProcess process, bool hostReads)
    {
        _process = process;
        Host = new PlexumHost(process.Input, process.Output, hostReads);
    }

    public PlexumHost Host { get; }

    public static RunningPlugin Start(HostStage stage, bool hostReads = true) => new(stage.Start(Command), hostReads);

    /// <summary>Starts it under another name, without arguments.</summary>
    public static RunningPlugin StartAs(HostStage stage, string program) => new(stage.StartOther(program), hostReads: true);

    /// <summary>Ends it as a failure of the machine would.</summary>
    public async Task KillAsync()
    {
        _process.Signal(ProcessSignal.Kill);
        await _process.EndsAsync(readOutput: false);
    }

    /// <summary>Sends it a signal and waits for its end.</summary>
    public async Task<ProgramEnd> SignalAsync(ProcessSignal signal)
    {
        _process.Signal(signal);
        return await _process.EndsAsync(readOutput: false);
    }

    /// <summary>Closes its input and waits for its end.</summary>
    public Task<ProgramEnd> EndAsync() => _process.EndsAsync(readOutput: false);

    public void Dispose()
    {
        _process.Dispose();
        Host.Dispose();
    }
}
