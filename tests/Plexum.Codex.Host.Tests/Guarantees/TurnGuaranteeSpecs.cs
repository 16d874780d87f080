using Microsoft.Data.Sqlite;
using Plexum.Codex.TestSupport.Rollouts;

namespace Plexum.Codex.Host.Guarantees;

public sealed class TurnGuaranteeSpecs(TurnGuaranteeSpecs.Daemon daemon) : IClassFixture<TurnGuaranteeSpecs.Daemon>
{
    private static readonly string[] Echo = ["thread", "turn", "say ${prompt}", "completed 1 1"];

    [Fact]
    public async Task T1_An_accepted_turn_is_in_the_ledger_before_it_is_acknowledged()
    {
        var agent = daemon.Agent("t1", Echo);
        var other = daemon.Agent("t1-other", Echo);
        using var ledger = new SqliteConnection($"Data Source={Path.Combine(daemon.Stage.Profile.Root, "ledger.db")};Pooling=False");
        ledger.Open();
        Task<ApiAnswer> submission;
        using (var held = ledger.BeginTransaction(deferred: false))
        {
            submission = agent.TryBeginAsync("x");

            // Answers that need nothing of the ledger's file come meanwhile.
            for (var refused = 0; refused < 20; refused++)
            {
                (await other.TryBeginAsync("x", body => body["workspace"] = "relative")).Problem(422, "workspace_not_absolute");
            }

            Assert.False(submission.IsCompleted);
            Assert.Empty(agent.Calls);
        }

        var accepted = await submission;

        Assert.Equal(202, accepted.Status);
        using var query = ledger.CreateCommand();
        query.CommandText = "SELECT count(*) FROM turns WHERE turn = $turn";
        query.Parameters.AddWithValue("$turn", (string)accepted.Json["turn_id"]!);
        Assert.Equal(1L, query.ExecuteScalar());
        await agent.EndedAsync((string)accepted.Json["turn_id"]!);
    }

    [Fact]
    public async Task T2_An_agent_runs_one_turn_at_a_time()
    {
        var agent = daemon.Agent(
            "t2",
            "write trace begin ${prompt}",
            "thread",
            "turn",
            "[prompt 1]",
            "touch ready",
            "wait go",
            "write trace end 1",
            "completed 1 1",
            "[else]",
            "write trace end ${prompt}",
            "completed 1 1"
        );
        var first = await agent.BeginAsync("1");
        await agent.AppearsAsync("ready");
        var (second, third) = (await agent.BeginAsync("2"), await agent.BeginAsync("3"));

        var busy = await agent.DocumentAsync();
        agent.Touch("go");
        await agent.EndedAsync(third);

        Assert.Equal(first, (string)busy["running_turn"]!);
        Assert.Equal([second, third], busy["queued_turns"]!.AsArray().Select(turn => (string)turn!));
        Assert.Equal(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"], File.ReadAllLines(agent.File("trace")));
    }

    [Fact]
    public async Task T3_An_agent_s_turns_run_in_the_order_in_which_they_were_accepted()
    {
        var agent = daemon.Agent("t3", "touch ready", "wait go", "thread", "turn", "completed 1 1");
        var texts = Enumerable.Range(1, 6).Select(number => $"{number}").ToArray();
        var answers = new List<ApiAnswer>();
        foreach (var text in texts)
        {
            answers.Add(await agent.TryBeginAsync(text));
        }

        await agent.AppearsAsync("ready");
        agent.Touch("go");
        await agent.EndedAsync((string)answers[^1].Json["turn_id"]!);

        Assert.Equal(Enumerable.Range(0, 6), answers.Select(answer => (int)answer.Json["position"]!));
        Assert.Equal(texts, agent.Prompts);
    }

    [Fact]
    public async Task T4_The_turns_of_different_agents_run_side_by_side()
    {
        string[] script = ["touch ready", "wait go", "thread", "turn", "completed 1 1"];
        var (one, other) = (daemon.Agent("t4-one", script), daemon.Agent("t4-other", script));
        var turns = (await one.BeginAsync("x"), await other.BeginAsync("x"));

        await one.AppearsAsync("ready");
        await other.AppearsAsync("ready");

        other.Touch("go");
        Assert.Equal("end_turn", (await other.Api.EventsAsync(turns.Item2)).StopReason());
        one.Touch("go");
        Assert.Equal("end_turn", (await one.Api.EventsAsync(turns.Item1)).StopReason());
    }

    [Fact]
    public async Task T5_A_refused_turn_leaves_no_row_no_agent_and_no_files_and_starts_no_codex()
    {
        var agent = daemon.Agent("t5", Echo);

        (await agent.TryBeginAsync("x", body => body["workspace"] = "relative")).Problem(422, "workspace_not_absolute");
        (await agent.TryBeginAsync("x", body => body["model"] = "--config")).Problem(422, "bad_model");
        (await agent.TryBeginAsync("x", body => body["messages"] = 7)).Problem(400, "bad_request_body");

        Assert.Empty((await daemon.Stage.Api.GetAsync("/v1/turns?agent=t5")).Json["turns"]!.AsArray());
        (await daemon.Stage.Api.GetAsync("/v1/agents/t5")).Problem(404, "unknown_agent");
        Assert.False(Directory.Exists(agent.Directory.Turns));
        Assert.Empty(agent.Calls);
    }

    [Fact]
    public async Task T7_Each_accepted_turn_ends_once_and_the_ledger_says_of_it_what_its_last_event_says()
    {
        var agent = daemon.Agent(
            "t7",
            "thread",
            "turn",
            "[prompt good]",
            "completed 1 1",
            "[prompt bad]",
            "failed No luck.",
            "[prompt dies]",
            "die KILL",
            "[prompt stopped]",
            "touch ready",
            "hang"
        );
        var turns = new List<string>();
        foreach (var text in new[] { "good", "bad", "dies", "stopped", "waiting" })
        {
            turns.Add(await agent.BeginAsync(text));
        }

        await agent.AppearsAsync("ready");
        await agent.Api.CancelAsync(turns[4]);
        await agent.Api.CancelAsync(turns[3]);

        var reasons = new List<string>();
        foreach (var turn in turns)
        {
            var document = await agent.EndedAsync(turn);
            var ends = (await agent.Api.EventsAsync(turn)).Where(e => e.Type == "message_end");
            Assert.Equal((string)document["stop_reason"]!, (string)Assert.Single(ends).Json["stop_reason"]!);
            reasons.Add((string)document["stop_reason"]!);
        }

        Assert.Equal(["end_turn", "error", "error", "cancelled", "cancelled"], reasons);
        var all = await agent.DocumentAsync();
        Assert.Equal((0, 0, 5), ((int)all["queued"]!, (int)all["running"]!, (int)all["ended"]!));
    }

    [Fact]
    public async Task T8_Each_turn_goes_on_in_the_thread_of_the_one_before_it_however_that_ended_and_whatever_the_session_file_says()
    {
        var agent = daemon.Agent(
            "t8",
            "thread",
            "turn",
            "[prompt bad]",
            "failed No luck.",
            "[prompt stopped]",
            "touch ready",
            "hang",
            "[else]",
            "completed 1 1"
        );
        var first = await agent.RunAsync("first");
        var bad = await agent.RunAsync("bad");
        var stopped = await agent.BeginAsync("stopped");
        await agent.AppearsAsync("ready");
        await agent.Api.CancelAsync(stopped);
        await agent.EndedAsync(stopped);
        File.Delete(agent.File(".plexum-codex-session"));
        var last = await agent.RunAsync("last");

        Assert.Equal(
            ["error", "cancelled", "end_turn"],
            [bad.StopReason(), (await agent.Api.EventsAsync(stopped)).StopReason(), last.StopReason()]
        );
        var thread = Assert.IsType<string>(first.Thread());
        Assert.All([bad, await agent.Api.EventsAsync(stopped), last], events => Assert.Equal(thread, events.Thread()));
        Assert.All(agent.Calls.Skip(1), call => Assert.Equal(["exec", "resume", thread], call.Argv[..3]));
    }

    [Fact]
    public async Task T9_A_thread_is_given_up_only_where_its_neighbours_are_there_and_it_is_not_or_a_request_begins_a_new_one()
    {
        var agent = daemon.Agent(
            "t9",
            "[call 2]",
            "unknown-thread",
            "[call 3]",
            "unknown-thread",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        var lost = (await agent.RunAsync("first")).Thread();

        var away = await agent.RunAsync("away");

        Assert.Equal("thread_unreachable", (string)away.Single(e => e.Type == "error").Json["code"]!);
        Assert.Equal(lost, away.Thread());

        DeletedRollout.Leave(agent.Directory, daemon.Stage.Codex.CodexHome, lost!);
        var events = await agent.RunAsync("second");

        Assert.Equal(["notice", "text_delta"], events.Types().Where(type => type is "notice" or "text_delta"));
        Assert.Equal("thread_lost", (string)events.Single(e => e.Type == "notice").Json["code"]!);
        Assert.Equal(("end_turn", true), (events.StopReason(), events.Thread() != lost));
        Assert.Equal(["first", "away", "second", "second"], agent.Prompts);
        Assert.All([agent.Calls[1], agent.Calls[2]], call => Assert.Equal(["exec", "resume", lost!], call.Argv[..3]));
        Assert.DoesNotContain("resume", agent.Calls[3].Argv);

        var anew = await agent.Api.EventsAsync(await agent.BeginAsync("third", body => body["new_thread"] = true));

        Assert.DoesNotContain("resume", agent.Calls[4].Argv);
        Assert.Equal(("end_turn", true), (anew.StopReason(), anew.Thread() != events.Thread()));
        Assert.Equal(anew.Thread(), (await agent.RunAsync("fourth")).Thread());
    }

    public sealed class Daemon : GuaranteeDaemon;
}
