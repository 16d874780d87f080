using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Servers that were left while another program ran beside theirs, such as that of a killed <c>say</c>.</summary>
public sealed class LaterLookSpecs : AppServerTestKit
{
    private static readonly string[] Quick = ["turn", "completed 1 1"];

    private string[] Waiting => ["turn", "say before", "wait " + Stage.File("go"), "completed 1 1"];

    [Fact]
    public void A_turn_whose_program_died_beside_this_one_goes_on_here_and_its_server_ends_behind_it()
    {
        Stage.Script(Waiting);
        var (thread, turn, beside) = LeaveRunning();

        var heir = NewRun(beside);
        var opened = heir.Opens(thread, reattach: true);

        Assert.Equal(turn, opened.Running?.ServerTurnId);
        Stage.Touch("go");
        heir.Hears("turn/completed");
        heir.Close();
        AwaitGone(Stage.Servers[0]);
        RunTurn(beside, "two", thread);
        Assert.Equal(2, Stage.Servers.Count);
        Assert.Equal(0, Stop(beside));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Profile, "app-server")));
    }

    [Fact]
    public void A_thread_that_a_program_which_died_beside_this_one_left_loaded_can_be_used()
    {
        var first = NewNode();
        var (alices, bobs) = (RunTurn(first, "one"), RunTurn(first, "two"));
        var beside = Beside();
        Leave(first);

        Assert.Null(Unload(beside, alices));

        Assert.False(IsLocked(alices));
        RunTurn(beside, "three", bobs);
    }

    [Fact]
    public void A_turn_in_a_server_that_cannot_be_looked_at_is_not_given_up()
    {
        Settings = Settings with { LongestBackOff = TimeSpan.FromMilliseconds(50) };
        Stage.Script(Waiting);
        var (thread, turn, beside) = LeaveRunning();
        var door = Directory.GetFiles(Path.Combine(Profile, "app-server"), "*.lock").Single();
        File.Delete(door);
        NamedPipe.Create(door);
        var heir = NewRun(beside);
        heir.Open(thread, reattach: true);

        // It is looked for in vain before this is answered.
        Assert.Null(Unload(beside, thread));
        File.Delete(door);

        Assert.Equal(turn, heir.Expect<AppServerProtocol.ThreadOpened>().Running?.ServerTurnId);
    }

    [Fact]
    public void A_thread_that_a_replaced_server_left_archived_when_it_died_is_taken_out_by_the_running_one()
    {
        Stage.Script(["die-archived", "[prompt one]", .. Waiting, "[else]", .. Quick]);
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;
        run.Starts("one");
        run.Hears("item/completed");
        File.WriteAllText(Path.Combine(Stage.CodexHome, "auth.json"), """{"OPENAI_API_KEY": "another"}""");
        RunTurn(node, "two");

        Stage.Touch("go");
        run.Hears("turn/completed");
        run.Close();

        AwaitGone(Stage.Servers[0]);
        Stage.Script(Quick);
        Eventually(() => Assert.Empty(Directory.GetFiles(Path.Combine(Stage.CodexHome, "archived_sessions"))));
        Assert.Null(Unload(node, thread));
        RunTurn(node, "three", thread);
        Assert.Equal(2, Stage.Servers.Count);
        Eventually(() => Assert.Single(Directory.GetDirectories(Path.Combine(Profile, "app-server"))));
    }

    // A program that has looked already.
    private IActorRef Beside()
    {
        var beside = NewNode();
        Assert.Null(Unload(beside, ThreadId.Parse("019a0000-0000-7000-8000-000000000000")));
        return beside;
    }

    private (ThreadId Thread, string Turn, IActorRef Beside) LeaveRunning()
    {
        var first = NewNode();
        var run = NewRun(first);
        var thread = run.Opens(null).Thread;
        var turn = run.Starts("one");
        run.Hears("item/completed");
        var beside = Beside();
        Leave(first);
        return (thread, turn, beside);
    }
}
