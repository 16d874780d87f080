using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>What becomes of turns that have not begun when their program stops, or their server is replaced.</summary>
public sealed class ServerStopSpecs : AppServerTestKit
{
    private static readonly string[] Quick = ["turn", "completed 1 1"];

    [Fact]
    public void A_turn_whose_thread_is_open_keeps_the_server_for_the_next_program()
    {
        var first = NewNode();
        var thread = RunTurn(first, "one");
        NewRun(first).Opens(thread);

        Stop(first);
        Leave(first);

        var opened = NewRun(NewNode()).Opens(thread, reattach: true);
        Assert.Null(opened.Running);
        Assert.Single(Stage.Servers);
    }

    [Fact]
    public async Task Turns_that_wait_for_their_threads_are_handed_back_and_told_nothing_when_the_server_ends()
    {
        var (child, parent, _) = await NewServer();
        var waits = RunOneTurn(child, parent);
        Stage.Script(["no-answer thread/start", "no-answer thread/resume", "no-answer thread/archive", .. Quick]);
        ServerRun[] runs = [NewRun(child), NewRun(child), NewRun(child)];
        runs[0].Open(null);
        runs[1].Open(ThreadId.Parse("019a0000-0000-7000-8000-000000000001"));
        runs[2].Open(waits, new ThreadSetup(Stage.Workspace) { DeveloperInstructions = "other" });
        AwaitUnanswered("thread/start", "thread/resume", "thread/archive");

        child.Tell(new ServerProtocol.End(EvenWithTurns: false), parent);

        HashSet<TurnId> back = [];
        parent.FishForMessage<AppServerProtocol.OpenThread>(open => back.Add(open.TurnId) && back.Count == runs.Length);
        Assert.Equal(runs.Select(run => $"{run.Turn}").Order(), back.Select(turn => $"{turn}").Order());
        foreach (var run in runs)
        {
            // What it was told before would come first.
            run.Probe.Ref.Tell(AppServerProtocol.Inspect.Instance);
            run.Expect<AppServerProtocol.Inspect>();
        }
    }

    [Fact]
    public async Task A_server_that_is_replaced_ends_only_once_a_thread_that_is_being_begun_is_there()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromSeconds(1) };
        var (child, parent, pid) = await NewServer();
        Stage.Script(["no-answer thread/start", .. Quick]);
        var run = NewRun(child);
        run.Open(null);
        AwaitUnanswered("thread/start");

        child.Tell(ServerProtocol.Drain.Instance, parent);

        Assert.Equal(AppServerFaultKind.NoAnswer, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        parent.FishForMessage<ServerProtocol.Gone>(gone => gone.WasWanted);
        AwaitGone(pid);
    }

    private async Task<(IActorRef Child, TestProbe Parent, int Pid)> NewServer()
    {
        var services = NewServices();
        var server = services.Launcher.Start(await Binaries.FindAsync(), [], DateTimeOffset.UnixEpoch);
        var parent = CreateTestProbe();
        var child = parent.ChildActorOf(ServerActor.Props(services, server, endsStrays: false));
        parent.FishForMessage<ServerProtocol.Ready>(_ => true);
        return (child, parent, server.Process.Identity.Pid);
    }

    private ThreadId RunOneTurn(IActorRef child, TestProbe parent)
    {
        var thread = RunTurn(child, "one");
        parent.FishForMessage<ServerProtocol.Load>(load => load.Threads == 1);
        return thread;
    }
}
