using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.InProcess;
using Plexum.Codex.LoopbackModel.Codex;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>A profile and a home of codex's for one test, and the actors on top of them.</summary>
internal sealed class CodexRig : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("plexum-codex-e2e-");
    private readonly List<RunningTurn> _turns = [];
    private readonly List<CodexSystem> _systems = [];
    private readonly Lazy<CodexSystem> _system;
    private readonly BackendKind _backend;

    /// <param name="model">The model that codex asks.</param>
    /// <param name="backend">What runs the turns.</param>
    /// <param name="assignments">Settings, as <c>--set</c> takes them.</param>
    public CodexRig(LoopbackModelServer model, BackendKind backend, params string[] assignments)
        : this(model.Provider, backend, assignments) { }

    /// <summary>The same with a process a turn.</summary>
    public CodexRig(LoopbackModelServer model, params string[] assignments)
        : this(model, BackendKind.Exec, assignments) { }

    public CodexRig(CodexProvider provider, BackendKind backend, params string[] assignments)
    {
        _backend = backend;
        provider.WriteConfig(CodexHome);
        Directory.CreateDirectory(Home);
        _system = new Lazy<CodexSystem>(() => StartSystem(assignments));
    }

    /// <summary>The pinned codex.</summary>
    public static string Codex { get; } = PinnedCodex.Require();

    /// <summary>The codex of this rig; the pinned one unless a spec chooses another.</summary>
    public string Binary { get; init; } = Codex;

    public string Profile => Path.Combine(_root.FullName, "profile");

    public string CodexHome => Path.Combine(_root.FullName, "codex-home");

    /// <summary>An empty home for the login shell in which codex runs commands, so that no profile of a user's slows it down.</summary>
    public string Home => Path.Combine(_root.FullName, "home");

    /// <summary>What runs of the turns: codex of each, and all commands; the app-server belongs to none.</summary>
    public IReadOnlyList<int> Processes => [.. ProcessProbe.Naming($"HOME={Home}\0").Except(AppServers.Of(Profile))];

    /// <summary>Waits until nothing runs of the turns.</summary>
    public Task GoneAsync() => Limits.UntilAsync(() => Processes.Count == 0, what: "no process of a turn was left");

    public string File(string name) => Path.Combine(_root.FullName, name);

    public string Workspace(string agent = "alice") => new AgentDirectory(Profile, AgentId.Parse(agent)).DefaultWorkspace;

    public string SessionFile(string agent = "alice") => Path.Combine(Workspace(agent), Threads.SessionFile.Name);

    public IEnumerable<string> FilesSetAside(string agent = "alice") =>
        Directory.EnumerateFileSystemEntries(Workspace(agent), $"{Threads.SessionFile.Name}.bad-*");

    public IEnumerable<string> RolloutsOf(ThreadId? thread) =>
        Directory.EnumerateFiles(Path.Combine(CodexHome, "sessions"), $"*{thread}*", SearchOption.AllDirectories);

    /// <summary>Compresses a rollout in its place, as codex does with threads that rest for a week where that is switched on.</summary>
    public static void Compress(string rollout)
    {
        var plain = new FileInfo(rollout);
        using (var lines = plain.OpenRead())
        using (var packed = new FileInfo(rollout + ".zst").Create())
        using (var packing = new ZstdSharp.CompressionStream(packed, level: 3))
        {
            lines.CopyTo(packing);
        }

        plain.Delete();
    }

    /// <summary>What the environment of the program, and of codex, has besides.</summary>
    public IReadOnlyDictionary<string, string> MoreVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables that make the program, or a codex started by hand, use this profile and home.</summary>
    public Dictionary<string, string> Variables() =>
        new(MoreVariables)
        {
            [Host.Configuration.Profile.RootVariable] = Profile,
            ["PLEXUM_CODEX_BINARY"] = Binary,
            ["CODEX_HOME"] = CodexHome,
            ["HOME"] = Home,
            ["PLEXUM_CODEX_BACKEND"] = _backend.ToWireName(),
        };

    /// <summary>The same for a program that is started.</summary>
    public IEnumerable<KeyValuePair<string, string?>> ProgramVariables =>
        Variables().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

    /// <summary>Starts the program with this profile and home.</summary>
    public ProgramProcess StartProgram(params string[] arguments) =>
        ProgramProcess.Start(ProgramProcess.PlexumCodex, arguments, ProgramVariables);

    /// <summary>Starts codex by hand, in a thread of alice's.</summary>
    public Task<ProgramProcess> ResumeByHandAsync(string thread, string prompt) => StartByHandAsync(prompt, "resume", thread);

    /// <summary>Starts <c>codex exec</c> by hand, in the workspace of alice.</summary>
    public async Task<ProgramProcess> StartByHandAsync(string prompt, params string[] arguments)
    {
        string[] all = ["exec", .. arguments, "--skip-git-repo-check", "--json", "-"];
        var codex = ProgramProcess.Start(Binary, all, ProgramVariables, Workspace());
        await codex.CloseInputAsync(prompt);
        return codex;
    }

    /// <summary>More actors on the same profile, as another program would have them.</summary>
    public CodexSystem StartSystem(params string[] assignments)
    {
        string[] all = [ProgramProcess.NoWaitingNotice, $"codex.backend={_backend.ToWireName()}", .. assignments];
        var settings = ProgramSettings.Load(new Profile(Profile), all);
        var starting = CodexSystem.StartAsync(
            settings with
            {
                Binary = Binary,
                Rollouts = settings.Rollouts with { CodexHome = CodexHome },
                Exec = settings.Exec with
                {
                    CodexHome = CodexHome,
                    Environment = settings.Exec.Environment with { Added = Variables().ToImmutableDictionary() },
                },
            }
        );
        var system = starting.GetAwaiter().GetResult();
        _systems.Add(system);
        return system;
    }

    public Task<FinishedTurn> SayAsync(string text, string agent = "alice", string? model = null) => Begin(text, agent, model).EndAsync();

    public RunningTurn Begin(string text, string agent = "alice", string? model = null, CodexSystem? system = null) =>
        Begin([new ContentBlock.Text(text)], agent, model, system);

    public RunningTurn Begin(ImmutableArray<ContentBlock> content, string agent = "alice", string? model = null, CodexSystem? system = null)
    {
        var request = new TurnRequest(AgentId.Parse(agent), Workspace(agent), model, [new TurnMessage(MessageRole.User, content)]);
        return Keep(system ?? _system.Value, request, null);
    }

    /// <summary>Begins a turn with tools of the host's.</summary>
    public RunningTurn Begin(string text, TestToolHandler host, string agent = "alice", CodexSystem? system = null)
    {
        var request = new TurnRequest(AgentId.Parse(agent), Workspace(agent), null, [TurnMessage.User(text)]) { Tools = host.Tools };
        return Keep(system ?? _system.Value, request, host.StartIn((system ?? _system.Value).Actors));
    }

    public CodexSystem System => _system.Value;

    private RunningTurn Keep(CodexSystem system, TurnRequest request, IActorRef? toolHandler)
    {
        var turn = new RunningTurn(system, request.AgentId, _backend, system.SubmitAsync(request, toolHandler));
        lock (_turns)
        {
            _turns.Add(turn);
        }

        return turn;
    }

    /// <summary>
    /// Makes a warm codex let go of a thread, so that another program can use it, and what is done to its rollout is seen.
    /// </summary>
    public Task ReleaseAsync(ThreadId? thread) => System.Services.Loaded.ReleaseAsync(thread!.Value, CancellationToken.None).WithinLimit();

    /// <summary>Has calls of alice's thread consumed.</summary>
    public Task<ConsumeAnswer> ConsumeAsync(string op, params IEnumerable<string?> calls) =>
        _system
            .Value.Gateway.ConsumeAsync(
                AgentId.Parse("alice"),
                Workspace(),
                [.. calls.Select(call => new CallToConsume(call!, op))],
                Submitter.Owner
            )
            .WithinLimit();

    public async ValueTask DisposeAsync()
    {
        foreach (var turn in _turns)
        {
            await turn.AbandonAsync();
        }

        foreach (var system in _systems)
        {
            await system.DisposeAsync();
        }

        await AppServers.KillAsync(Profile);
        try
        {
            _root.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that a failed test has left still writes there; the system cleans its temporary directory.
        }
    }
}
