using Plexum.Codex.Processes;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// A daemon as a process of its own, which is started, killed and started again as often as a test wants. It does not outlive the test.
/// </summary>
public sealed class DaemonProcess : IAsyncDisposable
{
    private readonly Func<IEnumerable<KeyValuePair<string, string?>>> _environment;
    private readonly string[] _always;
    private ProgramProcess? _process;
    private volatile TaskCompletionSource _up = NewUp();

    /// <param name="profile">The profile's directory.</param>
    /// <param name="environment">What its environment has besides that of the tests, looked at whenever it is started.</param>
    /// <param name="socket">The path of its socket; by default the one in the profile.</param>
    public DaemonProcess(string profile, Func<IEnumerable<KeyValuePair<string, string?>>> environment, string? socket = null)
    {
        (Profile, _environment) = (profile, environment);
        _always = socket is null ? [] : [$"api.socket={socket}"];
        Api = new DaemonApi(socket ?? Path.Combine(profile, "plexum-codex.sock"));
    }

    /// <summary>The profile's directory.</summary>
    public string Profile { get; }

    /// <summary>Asks the daemon, whichever process it is at the moment.</summary>
    public DaemonApi Api { get; }

    /// <summary>The program.</summary>
    public string Program { get; set; } = ProgramProcess.PlexumCodex;

    /// <summary>The command and its arguments.</summary>
    public List<string> Arguments { get; } = ["serve"];

    /// <summary>Settings of every start, as <c>--set</c> takes them.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Lines of the shell's that run before it, in a namespace of mounts that it has to itself; null for neither.</summary>
    public string? Before { get; set; }

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>The number of its process.</summary>
    public int Id => Process.Id;

    /// <summary>What it has written to standard error since its last start.</summary>
    public string Errors => Process.Errors;

    private ProgramProcess Process => _process ?? throw new InvalidOperationException("The daemon was not started.");

    /// <summary>A file of the profile as the daemon sees it.</summary>
    public string Seen(string name) => ProcessProbe.PathSeenBy(Id, Path.Combine(Profile, name));

    /// <summary>Starts it without waiting for anything.</summary>
    /// <param name="settings">Settings of this start, as <c>--set</c> takes them.</param>
    public void Launch(params IEnumerable<string> settings)
    {
        string[] arguments = [.. Arguments, .. _always.Concat(Settings).Concat(settings).SelectMany(setting => new[] { "--set", setting })];
        _process?.Dispose();
        Starts++;

        // It need not start itself once more to have its diagnostics off.
        KeyValuePair<string, string?>[] environment = [new("DOTNET_EnableDiagnostics", "0"), .. _environment()];

        // exec keeps the number of the process through the shells.
        _process = Before is null
            ? ProgramProcess.Start(Program, arguments, environment)
            : ProgramProcess.Start(
                "unshare",
                [
                    .. MountNamespace.Arguments,
                    "/bin/sh",
                    "-e",
                    "-c",
                    Before + "\nexec \"$0\" \"$@\"",
                    Program,
                    .. arguments,
                    "--set",
                    "api.other-namespaces-may-call=on",
                ],
                environment
            );
    }

    /// <summary>From its next start on it runs as <see cref="OrdinaryUser"/>, who must own its files.</summary>
    public void BecomeOrdinary()
    {
        if (OrdinaryUser.Prefix is [var program, .. var arguments])
        {
            Arguments.InsertRange(0, [.. arguments, Program]);
            Program = program;
        }
    }

    /// <summary>Starts it and waits until it takes turns.</summary>
    /// <param name="settings">Settings of this start, as <c>--set</c> takes them.</param>
    public Task StartAsync(params IEnumerable<string> settings)
    {
        Launch(settings);
        return ReadyAsync();
    }

    /// <summary>Waits until it takes turns.</summary>
    /// <exception cref="InvalidOperationException">It has ended; the message has what it wrote to standard error.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken = default)
    {
        await Limits.UntilAsync(
            async () =>
            {
                if (Process.HasExited)
                {
                    var end = await Process.EndsAsync();
                    throw new InvalidOperationException($"The daemon ended with {end.ExitCode}: {end.Errors}");
                }

                return await Api.IsReadyAsync(cancellationToken);
            },
            () => Errors,
            "the daemon takes turns"
        );
        _up.TrySetResult();
    }

    /// <summary>Completes when there is a daemon that takes turns; it may be the next one.</summary>
    public Task UpAsync(CancellationToken cancellationToken) => _up.Task.WaitAsync(cancellationToken);

    /// <summary>Sends it a signal.</summary>
    public void Signal(ProcessSignal signal) => Process.Signal(signal);

    /// <summary>Waits for its end.</summary>
    public Task<ProgramEnd> EndsAsync() => Process.EndsAsync();

    /// <summary>Ends it as systemd does, which must go well.</summary>
    public async Task<ProgramEnd> StopAsync()
    {
        Signal(ProcessSignal.Terminate);
        var end = await EndsAsync();
        Assert.True(end.ExitCode == 0, $"The daemon ended with {end.ExitCode}: {end.Errors}");
        return end;
    }

    /// <summary>Ends it as a failure of the machine would.</summary>
    public async Task KillAsync()
    {
        _up = NewUp();
        Signal(ProcessSignal.Kill);
        await EndsAsync();
    }

    /// <summary>Kills it and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync();
        Launch();
        await ReadyAsync(cancellationToken);
    }

    /// <summary>Kills it, and what it has started, if it still runs.</summary>
    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        Api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource NewUp() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
