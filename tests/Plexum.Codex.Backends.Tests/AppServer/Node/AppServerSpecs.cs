using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>Threads and turns of a server that runs.</summary>
public sealed class AppServerSpecs : AppServerTestKit
{
    [Fact]
    public void The_first_thread_starts_the_server_and_its_run_hears_the_turn_in_its_order()
    {
        var node = NewNode();
        Assert.Equal(AppServerPhase.Stopped, StateOf(node).Phase);

        var run = NewRun(node);
        var opened = run.Opens(null);
        run.Starts("hello");
        var told = run.Hears("turn/completed");

        Assert.Equal(Usage.Zero, opened.Total);
        Assert.Null(opened.Running);
        Assert.Equal("0.169.0", opened.Version);
        Assert.Equal(Stage.Servers[0], opened.Server.Pid);
        string[] order = ["turn/started", "item/agentMessage/delta", "thread/tokenUsage/updated", "turn/completed"];
        Assert.Equal(order, told.Select(said => said.Method).Where(method => Array.IndexOf(order, method) >= 0));
        Assert.All(told, said => Assert.Equal(opened.Thread, said.Thread));
        var state = StateOf(node);
        Assert.Equal((AppServerPhase.Ready, 1, 0, 0), (state.Phase, state.Loaded, state.Running, state.Restarts));
        Assert.Equal(Stage.Servers[0], state.Pid);
        Assert.True(state.ResidentBytes > 0);
    }

    [Fact]
    public void A_loaded_thread_is_opened_without_the_server_and_its_total_is_known()
    {
        var node = NewNode();
        var thread = RunTurn(node, "one");

        var opened = NewRun(node).Opens(thread);

        Assert.Equal(new Usage(100, 10, 0, 0), opened.Total);
        Assert.Single(Stage.Servers);
        Assert.Equal(1, StateOf(node).Loaded);
    }

    [Fact]
    public void A_thread_that_is_loaded_otherwise_is_loaded_anew_and_its_total_is_told_again()
    {
        Stage.Script("total 100 10", "turn", "completed 100 10");
        var node = NewNode();
        var thread = RunTurn(node, "one");
        var other = new ThreadSetup(Stage.Workspace) { Config = new JsonObject { ["model_reasoning_effort"] = "high" } };

        var opened = NewRun(node).Opens(thread, other);

        Assert.Equal(new Usage(100, 10, 0, 0), opened.Total);
        Assert.Null(opened.Running);
        Assert.Equal(1, StateOf(node).Loaded);
    }

    [Fact]
    public void A_turn_is_never_added_to_another_one()
    {
        Stage.Script("turn", "wait " + Stage.File("go"), "completed 1 1");
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;
        run.Starts("one");

        run.Start("two");
        Assert.Equal(AppServerFaultKind.Busy, run.Expect<AppServerProtocol.Refused>().Fault.Kind);
        var other = NewRun(node);
        other.Open(thread);
        Assert.Equal(AppServerFaultKind.Busy, other.Expect<AppServerProtocol.Refused>().Fault.Kind);
        other.Start("three");
        Assert.Equal(AppServerFaultKind.NoSuchThread, other.Expect<AppServerProtocol.Refused>().Fault.Kind);

        Stage.Touch("go");
        run.Hears("turn/completed");
        Assert.Single(Stage.Turns);
    }

    [Fact]
    public void A_request_without_an_answer_is_refused_in_time_and_the_turn_goes_on()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(300) };
        Stage.Script("no-answer turn/steer", "turn", "wait " + Stage.File("go"), "completed 1 1");
        var node = NewNode();
        var run = NewRun(node);
        run.Opens(null);
        run.Starts("one");

        run.Ask("turn/steer", []);
        var refused = run.Expect<AppServerProtocol.Refused>();

        Assert.Equal(("turn/steer", AppServerFaultKind.NoAnswer), (refused.Method, refused.Fault.Kind));
        Stage.Touch("go");
        run.Hears("turn/completed");
    }

    [Fact]
    public void Many_requests_at_once_are_all_answered()
    {
        var run = NewRun(NewNode());
        run.Opens(null);

        for (var n = 0; n < 500; n++)
        {
            run.Ask("server/diagnostics", []);
        }

        for (var n = 0; n < 500; n++)
        {
            run.Expect<AppServerProtocol.Answered>();
        }
    }

    [Fact]
    public void A_message_above_the_limit_is_left_out_and_the_turn_goes_on()
    {
        Settings = Settings with { MaxMessageBytes = 64 * 1024 };
        Stage.Script("turn", "long 200000", "say after", "completed 1 1");
        var run = NewRun(NewNode());
        run.Opens(null);
        run.Starts("one");

        var told = run.Hears("turn/completed");

        var texts = told.Where(said => said.Method == "item/completed").Select(said => TextOf(said.Parameters)).ToArray();
        Assert.Contains("after", texts);
        Assert.DoesNotContain(texts, text => text?.Length > 1000);
    }

    [Fact]
    public void Odd_messages_and_other_threads_are_nobodys()
    {
        Stage.Script(
            "turn",
            "raw not json",
            "emit []",
            """emit {"id":99}""",
            """emit {"method":"new/thing","params":7}""",
            """emit {"method":"item/completed","params":{"threadId":"019a0000-0000-7000-8000-000000000000","item":{"text":"sub-agent"}}}""",
            """emit {"method":"new/thing","params":{"threadId":"${thread}","more":[1]}}""",
            "completed 1 1"
        );
        var run = NewRun(NewNode());
        var thread = run.Opens(null).Thread;
        run.Starts("one");

        var told = run.Hears("turn/completed");

        Assert.Contains(told, said => said.Method == "new/thing" && said.Thread == thread);
        Assert.DoesNotContain(told, said => TextOf(said.Parameters) == "sub-agent");
    }

    [Fact]
    public void The_server_is_named_before_it_is_asked_for_the_thread()
    {
        Stage.Script("no-answer thread/start", "turn", "completed 1 1");
        var run = NewRun(NewNode());

        run.Open(null);

        var opening = run.Probe.ExpectMsg<AppServerProtocol.Opening>();
        Assert.Equal(opening.Server.Pid, Stage.Servers[0]);
    }

    [Fact]
    public void A_thread_keeps_the_tools_that_it_was_begun_with_and_the_server_asks_for_each_call()
    {
        Stage.Script("turn", "rollout {}", "tool get {\"key\":\"k\"}", "say ${answer}", "completed 1 1");
        var tools = new JsonArray(JsonNode.Parse("""{"type":"namespace","name":"plexum-host-alice","tools":[{"name":"get"}]}"""));
        var setup = new ThreadSetup(Stage.Workspace) { DynamicTools = tools };
        var node = NewNode();
        var run = NewRun(node);
        var opened = run.Opens(null, setup);
        Assert.Equal(opened.Server, run.Opening);
        Answer(run, "one");
        run.Close();
        Assert.Null(Unload(node, opened.Thread));

        run = NewRun(node);
        run.Opens(opened.Thread, setup);
        Answer(run, "two");

        void Answer(ServerRun asked, string text)
        {
            asked.Starts("go");
            var question = asked.Expect<AppServerProtocol.Asked>();
            Assert.Equal(
                ("item/tool/call", "plexum-host-alice"),
                (question.Method, WireMessage.TextOf(question.Parameters.GetProperty("namespace")))
            );
            var part = new JsonObject { ["type"] = "inputText", ["text"] = text };
            var answer = new JsonObject { ["contentItems"] = new JsonArray(part), ["success"] = true };
            node.Tell(new AppServerProtocol.Reply(question.Thread, question.RequestId, answer), ActorRefs.NoSender);
            Assert.Contains(asked.Hears("turn/completed"), said => TextOf(said.Parameters) == text);
        }
    }

    [Fact]
    public void A_question_reaches_the_run_and_its_answer_the_server()
    {
        Stage.Script("turn", "approve rm -rf x", "say ${answer}", "completed 1 1");
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;
        run.Starts("one");

        var asked = run.Expect<AppServerProtocol.Asked>();
        Assert.Equal("item/commandExecution/requestApproval", asked.Method);
        node.Tell(new AppServerProtocol.Reply(thread, asked.RequestId, new JsonObject { ["decision"] = "decline" }), ActorRefs.NoSender);

        Assert.Contains(run.Hears("turn/completed"), said => TextOf(said.Parameters) == "decline");
    }

    [Fact]
    public void Above_the_limit_the_thread_that_was_used_longest_ago_is_unloaded_and_none_that_runs()
    {
        Settings = Settings with { MaxThreads = 2 };
        Stage.Script("[prompt wait]", "turn", "wait " + Stage.File("go"), "completed 1 1", "[else]", "turn", "completed 1 1");
        var node = NewNode();
        var running = NewRun(node);
        var first = running.Opens(null).Thread;
        running.Starts("wait");
        var second = RunTurn(node, "two");
        var third = RunTurn(node, "three");

        Eventually(() => Assert.Equal(2, StateOf(node).Loaded));
        Assert.True(IsLocked(first));
        Assert.False(IsLocked(second));
        Assert.True(IsLocked(third));
        Assert.Empty(Archived);
        Stage.Touch("go");
        running.Hears("turn/completed");
        RunTurn(node, "again", second);
    }

    [Fact]
    public void A_thread_is_unloaded_on_request_but_not_under_a_turn()
    {
        Stage.Script("turn", "wait " + Stage.File("go"), "completed 1 1");
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;
        run.Starts("one");
        run.Hears("turn/started");

        Assert.Contains("a turn runs", Unload(node, thread), StringComparison.Ordinal);
        Stage.Touch("go");
        run.Hears("turn/completed");
        run.Close();

        Assert.Null(Unload(node, thread));
        Assert.False(IsLocked(thread));
        Assert.Empty(Archived);
        Assert.Null(Unload(node, ThreadId.Parse("019a0000-0000-7000-8000-000000000000")));
    }

    [Fact]
    public void A_thread_that_never_had_a_turn_leaves_nothing_behind()
    {
        var node = NewNode();
        var run = NewRun(node);
        var thread = run.Opens(null).Thread;

        run.Close();

        Eventually(() => Assert.Equal(0, StateOf(node).Loaded));
        Assert.False(IsLocked(thread));
        Assert.False(Directory.Exists(Path.Combine(Stage.CodexHome, "sessions")));
        Assert.Empty(Archived);
    }

    [Fact]
    public void A_connection_that_breaks_is_made_anew_and_the_run_gets_what_it_missed()
    {
        Stage.Script("turn", "say before", "disconnect", "wait " + Stage.File("go"), "say after", "completed 1 1");
        var run = NewRun(NewNode());
        var thread = run.Opens(null).Thread;
        var turn = run.Starts("one");

        var again = run.Expect<AppServerProtocol.ThreadOpened>();

        Assert.Equal((thread, turn), (again.Thread, again.Running?.ServerTurnId));
        Assert.Contains("before", again.RecentTurns?.GetRawText(), StringComparison.Ordinal);
        Stage.Touch("go");
        Assert.Contains(run.Hears("turn/completed"), said => TextOf(said.Parameters) == "after");
    }

    [Fact]
    public void The_path_of_a_profile_may_be_longer_than_that_of_a_socket()
    {
        Profile = Path.Combine(Stage.Folder, new string('p', 120));

        RunTurn(NewNode(), "one");
    }

    [Fact]
    public void A_codex_that_does_not_start_is_named_with_its_words_and_tried_again()
    {
        Stage.Script("server-exit Error: config.toml is broken");
        var node = NewNode();
        var run = NewRun(node);
        run.Open(null);

        var refused = run.Expect<AppServerProtocol.Refused>();

        Assert.Equal(AppServerFaultKind.ServerDown, refused.Fault.Kind);
        Assert.Contains("config.toml is broken", refused.Fault.Message, StringComparison.Ordinal);
        Stage.Script("turn", "completed 1 1");
        RunTurn(node, "two");
        Assert.Null(StateOf(node).Problem);
    }

    private string[] Archived =>
        Directory.Exists(Path.Combine(Stage.CodexHome, "archived_sessions"))
            ? Directory.GetFiles(Path.Combine(Stage.CodexHome, "archived_sessions"))
            : [];

    private static string? TextOf(JsonElement parameters) =>
        parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("item", out var item)
        && item.TryGetProperty("text", out var text)
            ? text.GetString()
            : null;
}
