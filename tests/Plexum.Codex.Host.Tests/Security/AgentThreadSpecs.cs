using Plexum.Codex.Threads;

namespace Plexum.Codex.Host.Security;

/// <summary>A command of one agent names another agent's thread in its own workspace.</summary>
public sealed class AgentThreadSpecs(AgentThreadSpecs.Daemon daemon) : IClassFixture<AgentThreadSpecs.Daemon>
{
    // Takes the thread's writer lock, as codex does, and then does what it is told.
    private static readonly string[] Obedient = ["lock", "thread", "turn", "obey", "completed 1 1"];

    private static readonly string[] WithCall =
    [
        "lock",
        "thread",
        "turn",
        """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_1"}}""",
        """rollout {"type":"response_item","payload":"""
            + """{"type":"function_call_output","call_id":"call_1","output":"an output that is long enough"}}""",
        "say done",
        "completed 1 1",
    ];

    [Fact]
    public async Task S1_A_command_that_names_another_agent_s_thread_in_its_workspace_does_not_get_it_continued()
    {
        var (_, thread) = await VictimAsync("s1-victim");
        var (attacker, own) = await AttackerAsync("s1-attacker", thread);

        var events = await attacker.RunAsync("echo again");

        Assert.Equal(["exec", "resume", own], attacker.Calls[^1].Argv[..3]);
        Assert.Equal(("end_turn", own), (events.StopReason(), events.Thread()));
        var notice = Assert.Single(events, e => e.Type == "notice").Json;
        Assert.Equal("session_not_believed", (string)notice["code"]!);
        Assert.Contains($"{thread}, which belongs to agent s1-victim", (string)notice["message"]!, StringComparison.Ordinal);
        Assert.Equal(own, File.ReadAllText(attacker.File(SessionFile.Name)));
    }

    [Fact]
    public async Task S1_An_agent_whose_thread_another_agent_names_is_not_kept_waiting_for_it()
    {
        var (victim, thread) = await VictimAsync("s1-busy-victim");
        var (attacker, _) = await AttackerAsync("s1-busy-attacker", thread);
        var waiting = await attacker.BeginAsync("touch ready; until [ -e go ]; do sleep 0.02; done");
        await attacker.AppearsAsync("ready");

        var events = await victim.RunAsync("again");

        Assert.Equal(("end_turn", thread), (events.StopReason(), events.Thread()));
        Assert.DoesNotContain("notice", events.Types());
        attacker.Touch("go");
        await attacker.EndedAsync(waiting);
    }

    [Fact]
    public async Task S1_A_consume_leaves_the_calls_of_a_thread_that_is_only_named()
    {
        var (victim, thread) = await VictimAsync("s1-consume-victim");
        var (attacker, _) = await AttackerAsync("s1-consume-attacker", thread);
        var before = RolloutOf(thread);

        var taken = await attacker.ConsumeAsync("call_1");

        Assert.Equal(0, (int)taken.Must(200).Json["touched"]!);
        Assert.Contains(thread, (string)Assert.Single(taken.Json["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal(before, RolloutOf(thread));
        Assert.Equal(1, (int)(await victim.ConsumeAsync("call_1")).Must(200).Json["touched"]!);
    }

    [Fact]
    public async Task S1_A_new_agent_does_not_get_a_thread_that_has_an_owner()
    {
        var (_, thread) = await VictimAsync("s1-old");
        var agent = daemon.Agent("s1-new", Obedient);
        File.WriteAllText(agent.File(SessionFile.Name), thread);

        var events = await agent.RunAsync("echo hello");

        Assert.DoesNotContain("resume", Assert.Single(agent.Calls).Argv);
        Assert.NotEqual(thread, events.Thread());
        Assert.Equal(events.Thread(), File.ReadAllText(agent.File(SessionFile.Name)));
    }

    [Fact]
    public async Task S1_A_turn_for_which_codex_continues_another_agent_s_thread_is_stopped()
    {
        var (_, thread) = await VictimAsync("s1-named");
        var agent = daemon.Agent("s1-namer", $"thread {thread}", "turn", "hang");

        var events = await agent.RunAsync("x");

        Assert.Equal("error", events.StopReason());
        Assert.Equal("thread_not_owned", (string)events.Single(e => e.Type == "error").Json["code"]!);
        Assert.Null(events.Thread());
    }

    private async Task<(AgentOfTest Agent, string Thread)> VictimAsync(string name)
    {
        var agent = daemon.Agent(name, WithCall);
        return (agent, (await agent.RunAsync("Remember 42.")).Thread()!);
    }

    // The file is there once the daemon has written it; what the command writes then stays.
    private async Task<(AgentOfTest Agent, string OwnThread)> AttackerAsync(string name, string thread)
    {
        var agent = daemon.Agent(name, Obedient);
        const string Session = SessionFile.Name;
        var own = (await agent.RunAsync($"until [ -e {Session} ]; do sleep 0.02; done; printf %s {thread} > {Session}")).Thread()!;
        Assert.Equal(thread, File.ReadAllText(agent.File(Session)));
        Assert.NotEqual(thread, own);
        return (agent, own);
    }

    // codex's own record of a thread.
    private string RolloutOf(string thread) =>
        File.ReadAllText(
            Assert.Single(
                Directory.GetFiles(Path.Combine(daemon.Stage.Codex.CodexHome, "sessions"), $"*{thread}.jsonl", SearchOption.AllDirectories)
            )
        );

    public sealed class Daemon : GuaranteeDaemon;
}
