using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Threads of which the server and this program know different things.</summary>
public sealed class ThreadDoubtSpecs : AppServerTestKit
{
    private static readonly string[] Quick = ["turn", "say ${sandbox}", "completed 1 1"];

    public ThreadDoubtSpecs() => Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(500) };

    private ThreadSetup Free => new(Stage.Workspace) { Sandbox = ThreadSandbox.FullAccess };

    private ThreadSetup Confined => new(Stage.Workspace) { Config = new JsonObject { ["default_permissions"] = "mine" } };

    [Fact]
    public void A_thread_that_is_loaded_only_after_its_request_was_given_up_is_unloaded_again()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Assert.Null(Unload(node, thread));
        Stage.Script(["unheard thread/resume", .. Quick]);
        var run = NewRun(node);

        run.Open(thread, Free);

        Assert.Equal(AppServerFaultKind.NoAnswer, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Eventually(() => Assert.False(IsLocked(thread)));
        Assert.Equal(0, StateOf(node).Loaded);
    }

    [Fact]
    public void A_thread_that_is_being_loaded_when_the_connection_breaks_is_unloaded_over_the_next_one()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromSeconds(30) };
        string[] cut = ["[prompt cut]", "turn", "wait " + Stage.File("cut"), "disconnect", "completed 1 1", "[else]", .. Quick];
        Stage.Script(cut);
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Assert.Null(Unload(node, thread));
        var other = NewRun(node);
        other.Opens(null);
        other.Starts("cut");
        Stage.Script(["unheard thread/resume", "unlisted", .. cut]);
        var run = NewRun(node);
        run.Open(thread, Free);
        AwaitUnanswered("thread/resume");

        Stage.Touch("cut");

        Assert.Equal(AppServerFaultKind.ServerDown, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Eventually(() => Assert.False(IsLocked(thread)));
    }

    [Fact]
    public void A_thread_that_is_begun_only_after_its_request_was_given_up_is_deleted()
    {
        var node = NewNode();
        var run = NewRun(node);
        var thread = ThreadId.Parse("019a0000-0000-7000-8000-000000000001");
        Stage.Script([$"late-start {Stage.File("late")}", $"thread {thread}", .. Quick]);

        run.Open(null);

        Assert.Equal(AppServerFaultKind.NoAnswer, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Stage.Script(Quick);
        Stage.Touch("late");
        NewRun(node).Opens(null);
        Eventually(() => Assert.False(IsLocked(thread)));
    }

    [Fact]
    public void A_thread_that_was_loaded_with_another_sandbox_unknown_to_this_program_is_loaded_anew()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromSeconds(30) };
        var first = NewNode();
        var thread = RunTurn(first, "one");
        Assert.Null(Unload(first, thread));
        Stage.Script(["unheard thread/resume", .. Quick]);
        NewRun(first).Open(thread, Free);
        AwaitUnanswered("thread/resume");
        Leave(first);
        Stage.Script(["unlisted", .. Quick]);
        var run = NewRun(NewNode());

        run.Opens(thread, Confined);
        run.Starts("two");

        var said = string.Concat(run.Hears("turn/completed").Select(said => said.Parameters.GetRawText()));
        Assert.Contains("\"text\":\"mine\"", said, StringComparison.Ordinal);
        Assert.Single(Stage.Servers);
    }

    [Fact]
    public void A_thread_that_codex_does_not_load_with_the_sandbox_of_the_turn_is_refused()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Stage.Script([$"loads-as {ThreadSandbox.FullAccess}", .. Quick]);
        var run = NewRun(node);

        run.Open(thread, Confined);

        Assert.Equal(AppServerFaultKind.Configuration, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        Eventually(() => Assert.False(IsLocked(thread)));
    }

    [Theory]
    [InlineData("read-only", """{"sandbox":{"type":"readOnly"},"activePermissionProfile":null}""", true)]
    [InlineData("danger-full-access", """{"sandbox":{"type":"dangerFullAccess"},"activePermissionProfile":null}""", true)]
    [InlineData("workspace-write", """{"sandbox":{"type":"dangerFullAccess"},"activePermissionProfile":null}""", false)]
    [InlineData("workspace-write", """{"sandbox":7}""", true)]
    [InlineData(null, """{"sandbox":{"type":"workspaceWrite"},"activePermissionProfile":{"id":"mine"}}""", true)]
    [InlineData(null, """{"sandbox":{"type":"workspaceWrite"},"activePermissionProfile":{"id":"other"}}""", false)]
    [InlineData(null, """{"sandbox":{"type":"dangerFullAccess"},"activePermissionProfile":null}""", false)]
    [InlineData(null, "{}", true)]
    public void What_codex_says_of_a_resumed_thread_is_compared_with_what_was_asked_for(string? mode, string answer, bool isAs)
    {
        using var resumed = JsonDocument.Parse(answer);
        var setup = mode is null ? Confined : new ThreadSetup(Stage.Workspace) { Sandbox = mode };

        Assert.Equal(isAs, ThreadSandbox.IsAs(setup, resumed.RootElement));
    }

    [Fact]
    public void A_thread_that_was_left_in_the_archive_is_taken_out_by_its_next_turn()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Stage.Script(["no-answer thread/unarchive", .. Quick]);
        Assert.NotNull(Unload(node, thread));

        Stage.Script(Quick);

        RunTurn(node, "two", thread);
    }

    [Fact]
    public void A_thread_that_the_server_no_longer_has_is_loaded_by_its_next_turn()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");
        Stage.Script(["lose-thread", .. Quick]);
        var run = NewRun(node);
        run.Opens(thread);
        run.Start("two");
        Assert.Equal(AppServerFaultKind.NoSuchThread, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        run.Close();

        Stage.Script(Quick);

        RunTurn(node, "two", thread);
    }

    [Fact]
    public void The_run_above_learns_that_a_sub_agent_s_question_was_declined()
    {
        Stage.Script("turn", "sub-approve ls", "completed 1 1");
        var run = NewRun(NewNode());
        var thread = run.Opens(null).Thread;
        run.Starts("one");

        var declined = run.Expect<AppServerProtocol.Declined>();

        Assert.Equal((thread, "item/commandExecution/requestApproval"), (declined.Thread, declined.Method));
    }
}
