using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Events;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>A daemon for all specs of a class, each of which has agents of its own and says which backend runs a turn.</summary>
public sealed class WarmStage : IAsyncLifetime
{
    private readonly LoopbackModelFixture _model = new();
    private CodexRig? _rig;
    private DaemonProcess? _daemon;

    /// <summary>The names of both backends.</summary>
    public static TheoryData<string> Both => new(BackendKind.Exec.ToWireName(), BackendKind.AppServer.ToWireName());

    /// <summary>One backend and the other one, both ways.</summary>
    public static TheoryData<string, string> Crossings =>
        new()
        {
            { BackendKind.Exec.ToWireName(), BackendKind.AppServer.ToWireName() },
            { BackendKind.AppServer.ToWireName(), BackendKind.Exec.ToWireName() },
        };

    internal LoopbackModelServer Model => _model.Server;

    internal DaemonProcess Daemon => _daemon!;

    internal DaemonApi Api => Daemon.Api;

    /// <summary>The codex app-servers that the profile knows.</summary>
    internal IReadOnlyList<int> Servers => AppServers.Of(_rig!.Profile);

    /// <summary>What the program has written down of them.</summary>
    internal IEnumerable<string> ServerRecords => AppServers.RecordsOf(_rig!.Profile);

    internal string CodexHome => _rig!.CodexHome;

    public async Task InitializeAsync()
    {
        await _model.InitializeAsync();
        _rig = RigOf(Model);
        Directory.CreateDirectory(_rig.Profile);
        _daemon = DaemonOf(_rig);
        await _daemon.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await KillServersAsync();
        await _rig!.DisposeAsync();
        await _model.DisposeAsync();
    }

    /// <summary>Kills the codex app-servers, whose daemon need not run.</summary>
    /// <returns>Their numbers.</returns>
    internal Task<IReadOnlyList<int>> KillServersAsync() => AppServers.KillAsync(_rig!.Profile);

    internal IEnumerable<string> RolloutsOf(ThreadId thread) => _rig!.RolloutsOf(thread);

    /// <summary>Runs codex by hand, which must succeed.</summary>
    internal async Task CodexAsync(params string[] arguments)
    {
        using var codex = ProgramProcess.Start(_rig!.Binary, arguments, _rig.ProgramVariables);
        var ended = await codex.EndsAsync();
        Assert.True(ended.ExitCode == 0, ended.Errors);
    }

    /// <summary>A file in an agent's workspace.</summary>
    internal string FileOf(string agent, string name) => Path.Combine(_rig!.Workspace(agent), name);

    /// <summary>The process whose number a command of the agent's has written.</summary>
    internal int PidOf(string agent, string name) => ProcessProbe.PidIn(FileOf(agent, name));

    /// <summary>Waits until a command of the agent's has made a file.</summary>
    internal Task MadeAsync(string agent, string name) => Limits.UntilAsync(() => File.Exists(FileOf(agent, name)));

    internal Task<string> SubmitAsync(string agent, string backend, string text, Action<JsonObject>? change = null) =>
        Api.SubmitAsync(text, agent, change: body =>
        {
            body["backend"] = backend;
            change?.Invoke(body);
        });

    /// <summary>Reads a turn to its end.</summary>
    internal async Task<FinishedTurn> EndAsync(string turn)
    {
        var events = await Api.EventsAsync(turn);
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True((long)pair.First.Json["seq"]! < (long)pair.Second.Json["seq"]!));
        return new FinishedTurn(
            TurnId.Parse(turn),
            events.ConvertAll(e =>
            {
                Assert.True(CanonicalJsonReader.TryRead(Encoding.UTF8.GetBytes(e.Data), out _, out var value), e.Data);
                return value!;
            })
        );
    }

    /// <summary>Runs a turn, which must have run with that backend.</summary>
    internal async Task<FinishedTurn> SayAsync(string agent, string backend, string text)
    {
        var turn = await EndAsync(await SubmitAsync(agent, backend, text));
        Assert.Equal(backend, turn.Start.Backend?.ToWireName());
        return turn;
    }

    /// <summary>Starts <c>say</c>, which runs its turn itself if no daemon runs.</summary>
    internal ProgramProcess Say(string agent, string backend, string text) =>
        _rig!.StartProgram("say", "--agent", agent, "--backend", backend, text);

    /// <summary>Has the calls of a turn consumed, which must be as many.</summary>
    internal async Task ConsumeAsync(string agent, FinishedTurn turn, int calls)
    {
        var ids = turn.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id);
        var answer = (await Api.ConsumeAsync(agent, ids)).Must(200).Json;
        Assert.Equal((calls, calls), ((int)answer["touched"]!, (int)answer["requested"]!));
    }

    /// <summary>The outputs of tools that the model was given with the last request of a thread.</summary>
    internal List<string?> OutputsIn(ThreadId? thread) =>
        [.. Model.RequestsOf(thread)[^1].Input.Where(item => item.Type == "function_call_output").Select(item => item.Output)];

    /// <summary>The ids of the calls in the last request of a thread.</summary>
    internal List<string?> CallsIn(ThreadId? thread) =>
        [.. Model.RequestsOf(thread)[^1].Input.Where(item => item.Type == "function_call").Select(item => item.CallId)];

    private static CodexRig RigOf(LoopbackModelServer model) => new(model);

    private static DaemonProcess DaemonOf(CodexRig rig) => new(rig.Profile, () => rig.ProgramVariables);
}
