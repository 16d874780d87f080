using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Servers that leave requests open, and turns that nobody asks for.</summary>
public sealed class ServerFaultSpecs : AppServerTestKit
{
    private static readonly string[] Quick = ["turn", "completed 1 1"];

    [Fact]
    public void A_server_that_ends_while_it_opens_threads_leaves_no_run_without_an_answer()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Assert.Null(Unload(node, thread));
        Stage.Script(["no-answer thread/start", "no-answer thread/resume", .. Quick]);
        var (begins, resumes) = (NewRun(node), NewRun(node));
        begins.Open(null);
        resumes.Open(thread);
        AwaitUnanswered("thread/start", "thread/resume");

        Stop(node, evenWithTurns: true);

        Assert.Equal(AppServerFaultKind.ServerDown, begins.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Assert.Equal(AppServerFaultKind.ServerDown, resumes.Expect<AppServerProtocol.Refused>().Fault.Kind);
    }

    [Fact]
    public void A_server_that_does_not_say_what_it_has_is_asked_again_and_its_turns_go_on()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(500) };
        string[] turn = ["turn", "wait " + Stage.File("cut"), "disconnect", "wait " + Stage.File("go"), "completed 1 1"];
        Stage.Script(turn);
        var run = NewRun(NewNode());
        var thread = run.Opens(null).Thread;
        run.Starts("one");
        Stage.Script(["no-answer thread/loaded/list", .. turn]);
        Stage.Touch("cut");
        AwaitUnanswered("thread/loaded/list");

        Stage.Script(turn);

        Assert.Equal(thread, run.Expect<AppServerProtocol.ThreadOpened>().Thread);
        Stage.Touch("go");
        run.Hears("turn/completed");
    }

    [Fact]
    public void A_server_that_hangs_is_ended_and_another_one_takes_its_place()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(500) };
        Stage.Script(Quick);
        var node = NewNode();
        NewRun(node).Opens(null);
        var hanging = Stage.Servers[0];
        ProcessProbe.Freeze(hanging);

        var refused = NewRun(node);
        refused.Open(null);

        Assert.Equal(AppServerFaultKind.NoAnswer, refused.Expect<AppServerProtocol.Refused>().Fault.Kind);
        AwaitGone(hanging);
        NewRun(node).Opens(null);
        Assert.Equal(1, StateOf(node).Restarts);
    }

    [Fact]
    public void A_turn_that_was_found_and_that_no_run_asks_for_is_ended_and_keeps_no_server()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(500) };
        Stage.Script("turn", "wait " + Stage.File("go"), "completed 1 1");
        var first = NewNode();
        var run = NewRun(first);
        var thread = run.Opens(null).Thread;
        run.Starts("one");
        run.Hears("turn/started");
        Leave(first);

        var second = NewNode();

        Eventually(() => Assert.False(IsLocked(thread)));
        Eventually(() => Assert.Equal((0, 0), (StateOf(second).Loaded, StateOf(second).Running)));
        Assert.Equal(0, Stop(second));
        AwaitGone(Stage.Servers[0]);
    }

    [Fact]
    public void Another_login_has_a_server_of_its_own_and_the_old_one_tries_again_to_let_go_of_its_threads()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(500) };
        var node = NewNode();
        var thread = RunTurn(node, "one");
        File.WriteAllText(Path.Combine(Stage.CodexHome, "auth.json"), """{"OPENAI_API_KEY": "another"}""");
        Stage.Script(["no-answer thread/archive", .. Quick]);

        RunTurn(node, "two");
        AwaitUnanswered("thread/archive");
        Stage.Script(Quick);

        AwaitGone(Stage.Servers[0]);
        RunTurn(node, "three", thread);
        Assert.Equal(2, Stage.Servers.Count);
    }

    [Fact]
    public void A_server_with_another_environment_is_not_adopted()
    {
        var first = NewNode();
        var thread = RunTurn(first, "one");
        Leave(first);
        Variables = Variables.Add("OF_THE_TESTS", "changed").Add("SHLVL", "7");

        RunTurn(NewNode(), "two", thread);

        AwaitGone(Stage.Servers[0]);
        Assert.Equal(2, Stage.Servers.Count);
    }

    [Fact]
    public void A_server_is_adopted_from_another_terminal()
    {
        var first = NewNode();
        var thread = RunTurn(first, "one");
        Leave(first);
        Variables = Variables.Add("SHLVL", "7").Add("PWD", "/elsewhere");

        RunTurn(NewNode(), "two", thread);

        Assert.Single(Stage.Servers);
    }

    [Fact]
    public void Two_programs_at_once_have_a_server_each_and_neither_touches_the_others()
    {
        var (first, second) = (NewNode(), NewNode());
        var thread = RunTurn(first, "one");

        RunTurn(second, "two");
        RunTurn(first, "three", thread);

        Assert.Equal(2, Stage.Servers.Count);
        Assert.Equal(0, Stop(second));
        Assert.True(ProcessProbe.IsRunning(StateOf(first).Pid ?? 0));
        Assert.Equal(0, Stop(first));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Profile, "app-server")));
    }

    [Fact]
    public async Task A_server_that_somebody_else_ends_hands_back_no_thread_of_which_it_is_still_taken_for_the_holder()
    {
        Stage.Script("refuse Server is draining; retry after reconnecting", "turn", "completed 1 1");
        var services = NewServices();
        var server = services.Launcher.Start(await Binaries.FindAsync(), [], DateTimeOffset.UnixEpoch);
        var parent = CreateTestProbe();
        var child = parent.ChildActorOf(ServerActor.Props(services, server, endsStrays: false));
        parent.FishForMessage<ServerProtocol.Ready>(_ => true);
        ThreadId[] threads =
        [
            ThreadId.Parse("019a0000-0000-7000-8000-000000000001"),
            ThreadId.Parse("019a0000-0000-7000-8000-000000000002"),
        ];

        foreach (var thread in threads)
        {
            NewRun(child).Open(thread);

            parent.FishForMessage<ServerProtocol.LetGo>(gone => gone.Thread == thread);
            parent.FishForMessage<AppServerProtocol.OpenThread>(open => open.Thread == thread);
        }
    }
}
