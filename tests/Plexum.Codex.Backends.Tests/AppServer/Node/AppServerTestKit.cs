using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>The actor of the node's app-server with FakeCodex as codex, and probes as runs.</summary>
public abstract class AppServerTestKit : Akka.TestKit.Xunit2.TestKit
{
    protected AppServerTestKit()
        : base(TestSystem.Config)
    {
        Stage = new FakeCodexStage("turn", "say ${prompt}", "completed 100 10");
        Profile = Stage.File("profile");
        Binaries = new CodexBinarySource(FakeCodexStage.Binary, null);
    }

    protected FakeCodexStage Stage { get; }

    /// <summary>To be changed before the first server.</summary>
    protected AppServerSettings Settings { get; set; } = new() { FirstBackOff = TimeSpan.FromMilliseconds(50) };

    protected string Profile { get; set; }

    protected CodexBinarySource Binaries { get; set; }

    /// <summary>What the next server has in its environment besides what FakeCodex needs.</summary>
    protected ImmutableDictionary<string, string> Variables { get; set; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The node's actor, as a daemon starts it.</summary>
    protected IActorRef NewNode(string? profile = null) => Sys.ActorOf(AppServerActor.Props(NewServices(profile), looksAtStart: true));

    /// <summary>What a node's actor needs.</summary>
    protected AppServerServices NewServices(string? profile = null) =>
        new(Settings, profile ?? Profile, Binaries, TimeProvider.System)
        {
            Environment = new ProcessEnvironment { Added = Variables.AddRange(Stage.Environment) },
        };

    /// <summary>The end of a daemon by which its servers are left alone.</summary>
    protected void Leave(IActorRef node)
    {
        Watch(node);
        Sys.Stop(node);
        ExpectTerminated(node);
    }

    protected ServerRun NewRun(IActorRef node) => new(CreateTestProbe(), node, Stage.Workspace);

    /// <summary>Runs a turn in a thread to its end, and closes it.</summary>
    protected ThreadId RunTurn(IActorRef node, string prompt, ThreadId? thread = null)
    {
        var run = NewRun(node);
        var opened = run.Opens(thread);
        run.Starts(prompt);
        run.Hears("turn/completed");
        run.Close();
        return opened.Thread;
    }

    protected AppServerState StateOf(IActorRef node)
    {
        var probe = CreateTestProbe();
        node.Tell(AppServerProtocol.Inspect.Instance, probe.Ref);
        return probe.ExpectMsg<AppServerProtocol.Inspected>().State;
    }

    protected string? Unload(IActorRef node, ThreadId thread)
    {
        var probe = CreateTestProbe();
        node.Tell(new AppServerProtocol.Unload(thread), probe.Ref);
        return probe.ExpectMsg<AppServerProtocol.Unloaded>().Problem;
    }

    protected int Stop(IActorRef node, bool evenWithTurns = false)
    {
        var probe = CreateTestProbe();
        node.Tell(new AppServerProtocol.Stop(evenWithTurns), probe.Ref);
        return probe.ExpectMsg<AppServerProtocol.Stopped>().Staying;
    }

    protected void Eventually(Action assertion) => AwaitAssert(assertion, interval: TimeSpan.FromMilliseconds(10));

    protected void AwaitFile(string name) => Eventually(() => Assert.True(File.Exists(Stage.File(name)), $"{name} is not there."));

    /// <summary>Waits until FakeCodex has left requests of a method without an answer.</summary>
    protected void AwaitUnanswered(params string[] methods) =>
        Eventually(() =>
            Assert.All(methods, method => Assert.Contains(method, File.Exists(Unanswered) ? File.ReadAllLines(Unanswered) : []))
        );

    protected bool IsLocked(ThreadId thread)
    {
        using var held = Plexum.Codex.Threads.ThreadWriterLock.TryAcquire(Stage.CodexHome, thread);
        return held is null;
    }

    private string Unanswered => $"{Stage.ScriptPath}.unanswered";

    protected void AwaitGone(int pid) => Eventually(() => Assert.False(ProcessProbe.IsRunning(pid), $"Process {pid} runs."));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Stage.Dispose();
    }
}

/// <summary>A run of a turn that is a probe.</summary>
public sealed class ServerRun(TestProbe probe, IActorRef node, string workspace)
{
    private readonly List<AppServerProtocol.Said> _said = [];
    private ThreadId _thread;

    public TurnId Turn { get; } = TurnId.New(TimeProvider.System);

    public TestProbe Probe => probe;

    /// <summary>The server that was last about to load the thread; null if none was.</summary>
    public AppServerProtocol.ServerMark? Opening { get; private set; }

    public void Open(ThreadId? thread, ThreadSetup? setup = null, bool reattach = false) =>
        node.Tell(new AppServerProtocol.OpenThread(Turn, thread, setup ?? new ThreadSetup(workspace)) { Reattach = reattach }, probe.Ref);

    public AppServerProtocol.ThreadOpened Opens(ThreadId? thread, ThreadSetup? setup = null, bool reattach = false)
    {
        Open(thread, setup, reattach);
        var opened = Expect<AppServerProtocol.ThreadOpened>();
        Assert.Equal(Turn, opened.TurnId);
        _thread = opened.Thread;
        return opened;
    }

    public string Starts(string prompt)
    {
        Start(prompt);
        return Expect<AppServerProtocol.TurnStarted>().ServerTurnId;
    }

    public void Start(string prompt)
    {
        var input = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = prompt });
        node.Tell(new AppServerProtocol.StartTurn(Turn, _thread, new JsonObject { ["input"] = input }), probe.Ref);
    }

    public void Ask(string method, JsonObject parameters) =>
        node.Tell(new AppServerProtocol.Ask(Turn, _thread, method, parameters), probe.Ref);

    public void Close() => node.Tell(new AppServerProtocol.CloseThread(Turn, _thread), probe.Ref);

    /// <summary>The next message of a kind; what the server tells before it is kept.</summary>
    public T Expect<T>()
    {
        while (true)
        {
            switch (probe.ExpectMsg<object>())
            {
                case T wanted:
                    return wanted;
                case AppServerProtocol.Said said:
                    _said.Add(said);
                    break;
                case AppServerProtocol.Opening opening:
                    Assert.Equal(Turn, opening.TurnId);
                    Opening = opening.Server;
                    break;
                case var other:
                    Assert.Fail($"Expected {typeof(T).Name}, got {other}");
                    break;
            }
        }
    }

    /// <summary>What the server has told up to a notification of a method, which it waits for.</summary>
    public IReadOnlyList<AppServerProtocol.Said> Hears(string method)
    {
        while (!_said.Exists(said => said.Method == method))
        {
            _said.Add(probe.ExpectMsg<AppServerProtocol.Said>());
        }

        AppServerProtocol.Said[] told = [.. _said];
        _said.Clear();
        return told;
    }
}
