using Plexum.Codex.TestSupport.Warm;

namespace Plexum.Codex.TestSupport;

/// <summary>FakeCodex with its script, a profile, and plexum-codex set to use both.</summary>
public sealed class HostStage : IDisposable
{
    private readonly FakeCodexStage _codex;
    private readonly Dictionary<string, string?> _own = [];

    /// <param name="script">What codex does; none at all lets it echo the prompt.</param>
    public HostStage(params string[] script)
    {
        _codex = new FakeCodexStage(script);
        this["PLEXUM_PROFILE_ROOT"] = Profile;
        this["PLEXUM_CODEX_BINARY"] = FakeCodexStage.Binary;
    }

    /// <summary>A folder for this test alone.</summary>
    public string Folder => _codex.Folder;

    /// <summary>The profile's directory, which the program creates.</summary>
    public string Profile => File("profile");

    /// <summary>What codex was given, oldest first; without what it is asked about itself.</summary>
    public IReadOnlyList<FakeCodexCall> Turns => _codex.Turns;

    // FakeCodex takes a script only where there is one.
    private IEnumerable<KeyValuePair<string, string?>> Environment =>
        _codex.Environment.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).Concat(_own);

    /// <summary>A variable of plexum-codex's environment; null takes it out.</summary>
    public string? this[string variable]
    {
        set => _own[variable] = value;
    }

    /// <summary>The full path of a file in the folder; scripts can name it.</summary>
    public string File(string name) => _codex.File(name);

    /// <summary>Replaces the script.</summary>
    public void Script(params string[] lines) => _codex.Script(lines);

    /// <summary>Creates a file that a script waits for.</summary>
    public void Touch(string name) => _codex.Touch(name);

    /// <summary>A directory to run codex in.</summary>
    public string Workspace => _codex.Workspace;

    /// <summary>What codex has as CODEX_HOME.</summary>
    public string CodexHome => _codex.CodexHome;

    /// <summary>Completes when a script has created a file.</summary>
    public Task AppearsAsync(string name) => _codex.AppearsAsync(name);

    /// <summary>The lines of an agent's turns in the order of the turns.</summary>
    public string[] LogOf(string agent) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Profile, "agents", agent, "turns"), "events.jsonl", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(System.IO.File.ReadLines),
        ];

    /// <summary>Waits until a turn of an agent has told a notice.</summary>
    public Task TellsAsync(string agent, string code) =>
        Limits.UntilAsync(
            () => LogOf(agent).Any(line => line.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal)),
            what: $"a turn of {agent} told {code}"
        );

    /// <summary>All text of the log files.</summary>
    public string ProgramLog() =>
        string.Concat(
            Directory.EnumerateFiles(Path.Combine(Profile, "logs")).Order(StringComparer.Ordinal).Select(System.IO.File.ReadAllText)
        );

    /// <summary>Starts plexum-codex.</summary>
    public ProgramProcess Start(params string[] arguments) => ProgramProcess.Start(ProgramProcess.PlexumCodex, arguments, Environment);

    /// <summary>Starts another program in the same environment.</summary>
    public ProgramProcess StartOther(string program, params string[] arguments) => ProgramProcess.Start(program, arguments, Environment);

    /// <summary>Starts plexum-codex in a terminal of some columns and lines.</summary>
    public TmuxTerminal StartInTerminal(int width, int height, params string[] arguments) =>
        new(width, height, Environment, [ProgramProcess.PlexumCodex, .. arguments]);

    /// <summary>Runs a line of the shell's in which <c>"$0" "$@"</c> stands for plexum-codex with its arguments.</summary>
    public ProgramProcess StartInShell(string line, params string[] arguments) =>
        ProgramProcess.Start("/bin/sh", ["-c", line, ProgramProcess.PlexumCodex, .. arguments], Environment);

    /// <summary>A daemon of the profile, which is not started.</summary>
    /// <param name="socket">The path of its socket; by default the one in the profile.</param>
    public DaemonProcess NewDaemon(string? socket = null) => new(Profile, () => Environment, socket);

    /// <summary>Starts a daemon of the profile; when the task completes it takes turns.</summary>
    /// <param name="settings">Settings, as <c>--set</c> takes them.</param>
    public async Task<DaemonProcess> StartDaemonAsync(params string[] settings)
    {
        var daemon = NewDaemon();
        await daemon.StartAsync(settings);
        return daemon;
    }

    /// <summary>Runs plexum-codex to its end; where it can, in a process that has run other commands.</summary>
    public async Task<ProgramEnd> RunAsync(params string[] arguments)
    {
        if (WarmProgram.Suits(arguments))
        {
            return await WarmProgram.RunAsync(arguments, Environment);
        }

        using var process = Start(arguments);
        return await process.EndsAsync();
    }

    /// <summary>Kills what still runs of codex and removes the folder.</summary>
    public void Dispose() => _codex.Dispose();
}
