using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Starts, deaths and successors of servers and of the programs that start them.</summary>
public sealed class ServerLifeSpecs : AppServerTestKit
{
    private string[] Waiting => ["turn", "say before", "wait " + Stage.File("go"), "say after", "completed 1 1"];

    [Fact]
    public void A_server_that_is_killed_is_lost_to_every_run_and_the_next_thread_has_another_one()
    {
        Stage.Script(Waiting);
        var node = NewNode();
        var (alice, bob) = (NewRun(node), NewRun(node));
        var thread = alice.Opens(null).Thread;
        bob.Opens(null);
        alice.Starts("one");
        bob.Starts("two");
        alice.Hears("turn/started");

        ProcessProbe.Signal(Stage.Servers[0], ProcessSignal.Kill);

        Assert.Equal(AppServerFaultKind.ServerDown, alice.Expect<AppServerProtocol.ServerLost>().Fault.Kind);
        bob.Expect<AppServerProtocol.ServerLost>();
        Stage.Script("turn", "completed 2 2");
        RunTurn(node, "again", thread);
        Assert.Equal(2, Stage.Servers.Count);
        Assert.Equal(1, StateOf(node).Restarts);
    }

    [Fact]
    public void A_running_turn_outlives_its_program_and_the_next_one_goes_on_with_it()
    {
        Stage.Script(Waiting);
        var first = NewNode();
        var run = NewRun(first);
        var thread = run.Opens(null).Thread;
        var turn = run.Starts("one");
        run.Hears("item/completed");
        Assert.Equal(1, Stop(first));
        Leave(first);

        var second = NewNode();
        var heir = NewRun(second);
        var opened = heir.Opens(thread, reattach: true);

        Assert.Equal(turn, opened.Running?.ServerTurnId);
        Assert.Contains("before", opened.RecentTurns?.GetRawText(), StringComparison.Ordinal);
        Stage.Touch("go");
        heir.Hears("turn/completed");
        heir.Close();
        Assert.Single(Stage.Servers);
        Assert.Equal(0, Stop(second));
        AwaitGone(Stage.Servers[0]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Profile, "app-server")));
    }

    [Fact]
    public void A_thread_that_an_earlier_program_began_and_said_nothing_in_is_deleted_once_it_is_looked_for()
    {
        var first = NewNode();
        var thread = NewRun(first).Opens(null).Thread;
        Leave(first);

        var second = NewNode();
        var heir = NewRun(second);
        heir.Open(thread, reattach: true);

        Assert.Equal(AppServerFaultKind.NotFound, heir.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Eventually(() => Assert.Equal(0, StateOf(second).Loaded));
        Assert.Empty(Directory.EnumerateFiles(Stage.CodexHome, "rollout-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_idle_server_that_was_left_is_adopted_and_its_threads_are_loaded_anew()
    {
        Stage.Script("total 7 3", "turn", "completed 100 10");
        var first = NewNode();
        var thread = RunTurn(first, "one");
        Leave(first);

        var second = NewNode();
        Eventually(() => Assert.Equal((AppServerPhase.Ready, 1), (StateOf(second).Phase, StateOf(second).Loaded)));
        var opened = NewRun(second).Opens(thread);

        Assert.Equal(new Usage(7, 3, 0, 0), opened.Total);
        Assert.Single(Stage.Servers);
    }

    [Fact]
    public void A_server_that_does_not_answer_any_more_is_ended_before_another_one_starts()
    {
        var first = NewNode();
        var thread = RunTurn(first, "one");
        Leave(first);
        ProcessProbe.Freeze(Stage.Servers[0]);
        Settings = Settings with { StartLimit = TimeSpan.FromMilliseconds(300), TerminateGrace = TimeSpan.FromMilliseconds(100) };

        var second = NewNode();
        AwaitGone(Stage.Servers[0]);
        Settings = Settings with { StartLimit = TimeSpan.FromSeconds(30) };
        Leave(second);

        RunTurn(NewNode(), "two", thread);
        Assert.Equal(2, Stage.Servers.Count);
    }

    [Fact]
    public void What_no_server_has_cannot_be_reattached_and_nothing_is_started_for_it()
    {
        var run = NewRun(NewNode());
        run.Open(ThreadId.Parse("019a0000-0000-7000-8000-000000000000"), reattach: true);

        Assert.Equal(AppServerFaultKind.ServerDown, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Assert.Empty(Stage.Servers);
    }

    [Fact]
    public void A_replaced_codex_has_a_server_of_its_own_while_the_old_one_finishes_its_turn()
    {
        var codex = Stage.File("codex");
        Replace(codex, "0.169.0");
        Binaries = new CodexBinarySource(codex, null);
        var node = NewNode();
        var alice = NewRun(node);
        var thread = alice.Opens(null).Thread;
        alice.Starts("wait");
        alice.Hears("turn/started");
        var idle = RunTurn(node, "quick");

        Replace(codex, "0.171.0");
        var bob = NewRun(node);
        Assert.Equal("0.171.0", bob.Opens(idle).Version);

        Assert.True(ProcessProbe.IsRunning(Stage.Servers[0]));
        Stage.Touch("go");
        alice.Hears("turn/completed");
        alice.Close();
        AwaitGone(Stage.Servers[0]);
        Assert.Equal("0.171.0", NewRun(node).Opens(thread).Version);
        Assert.Equal(2, Stage.Servers.Count);
        Assert.Equal(0, StateOf(node).Restarts);
    }

    [Fact]
    public void A_thread_that_a_death_left_archived_is_taken_out_by_the_next_server()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Stage.Script("die-archived", "turn", "completed 1 1");
        Restart(node, out var dying, thread);
        Assert.Contains("archive", Unload(dying, thread), StringComparison.Ordinal);

        Stage.Script("turn", "completed 1 1");
        Eventually(() => Assert.Empty(Archived));
        RunTurn(dying, "two", thread);
    }

    [Fact]
    public void A_thread_that_a_death_left_archived_is_taken_out_even_if_the_program_died_too()
    {
        Stage.Script("die-archived", "turn", "completed 1 1");
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Settings = Settings with { FirstBackOff = TimeSpan.FromMinutes(10), LongestBackOff = TimeSpan.FromMinutes(10) };
        Leave(node);
        var dying = NewNode();
        Eventually(() => Assert.Equal(AppServerPhase.Ready, StateOf(dying).Phase));
        Assert.Contains("archive", Unload(dying, thread), StringComparison.Ordinal);
        Leave(dying);
        Assert.Single(Archived);

        Stage.Script("turn", "completed 1 1");
        var heir = NewNode();

        Eventually(() => Assert.Empty(Archived));
        RunTurn(heir, "two", thread);
    }

    [Fact]
    public void The_server_of_another_profile_is_left_alone_and_keeps_its_threads()
    {
        var mine = NewNode();
        var thread = RunTurn(mine, "one");

        var other = NewNode(Stage.File("other"));
        var run = NewRun(other);
        run.Open(thread);

        Assert.Equal(AppServerFaultKind.Busy, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Assert.Equal(2, Stage.Servers.Count);
        Assert.All(Stage.Servers, pid => Assert.True(ProcessProbe.IsRunning(pid)));
        RunTurn(mine, "two", thread);
    }

    [Fact]
    public void An_idle_server_ends_with_its_program_and_a_running_one_if_that_is_asked_for()
    {
        var node = NewNode();
        RunTurn(node, "one");
        Assert.Equal(0, Stop(node));
        AwaitGone(Stage.Servers[0]);
        Leave(node);

        Stage.Script(Waiting);
        var second = NewNode();
        var run = NewRun(second);
        run.Opens(null);
        run.Starts("two");
        Assert.Equal(0, Stop(second, evenWithTurns: true));

        run.Expect<AppServerProtocol.ServerLost>();
        AwaitGone(Stage.Servers[1]);
    }

    [Fact]
    public void A_server_of_a_program_that_died_before_it_noted_the_pid_is_found()
    {
        var first = NewNode();
        RunTurn(first, "one");
        Leave(first);
        var record = Directory.GetFiles(Path.Combine(Profile, "app-server"), "server.json", SearchOption.AllDirectories).Single();
        File.Delete(record);

        NewNode();

        AwaitGone(Stage.Servers[0]);
    }

    private string[] Archived =>
        Directory.Exists(Path.Combine(Stage.CodexHome, "archived_sessions"))
            ? Directory.GetFiles(Path.Combine(Stage.CodexHome, "archived_sessions"))
            : [];

    // FakeCodex reads its script when it starts, so the server has to be another one.
    private void Restart(IActorRef node, out IActorRef next, ThreadId thread)
    {
        Assert.Equal(0, Stop(node));
        Leave(node);
        next = NewNode();
        RunTurn(next, "again", thread);
    }

    private void Replace(string codex, string version)
    {
        string[] script =
        [
            $"version {version}",
            "[prompt wait]",
            "turn",
            "wait " + Stage.File("go"),
            "completed 1 1",
            "[else]",
            "turn",
            "completed 1 1",
        ];
        Stage.Script(script);
        File.Delete(codex);
        File.WriteAllText(
            codex,
            $"#!/bin/sh\nexport FAKE_CODEX_SCRIPT={Stage.ScriptPath}\nexec {FakeCodexStage.Binary} \"$@\"\n# codex {version}\n"
        );
        File.SetUnixFileMode(codex, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
