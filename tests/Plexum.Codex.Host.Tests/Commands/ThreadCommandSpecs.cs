using System.Text.Json.Nodes;
using Plexum.Codex.Profiles;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

public sealed class ThreadCommandSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    private static readonly string[] Real =
    [
        "require-rollout",
        "thread",
        "turn",
        """rollout {"ordinal":1,"type":"event_msg","payload":{}}""",
        "say ${prompt}",
        "completed 1 1",
    ];

    private readonly HostStage _stage = daemon.Stage;

    [Fact]
    public async Task A_thread_is_shown_with_its_rollout_and_its_state()
    {
        _stage.Script(Real);
        await SayAsync(_stage, "shown", "hello");
        var shown = await LookAsync(_stage, "shown");
        var rollout = RolloutOf(_stage, (string)shown["thread_id"]!);

        Assert.Equal(("there", rollout), ((string)shown["state"]!, (string)shown["rollout"]!));
        Assert.Null(shown["thread_problem"]);
        var people = await _stage.RunAsync("thread", "shown");
        Assert.Contains(people.Lines, line =>
            line.StartsWith("rollout ", StringComparison.Ordinal) && line.EndsWith(rollout, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_thread_that_codex_does_not_load_is_the_agent_s_state_until_a_new_one_begins()
    {
        _stage.Script(Real);
        await SayAsync(_stage, "marked", "hello");
        var own = (string)(await LookAsync(_stage, "marked"))["thread_id"]!;
        var rollout = RolloutOf(_stage, own);
        await File.WriteAllBytesAsync(rollout, [0xEF, 0xBB, 0xBF, .. await File.ReadAllBytesAsync(rollout)]);

        Assert.Equal(1, (await _stage.RunAsync("say", "--agent", "marked", "again")).ExitCode);

        var bad = await LookAsync(_stage, "marked");
        Assert.Equal((own, "unreadable", rollout), ((string)bad["thread_id"]!, (string)bad["state"]!, (string)bad["rollout"]!));
        Assert.StartsWith("sed -i", (string)bad["command"]!, StringComparison.Ordinal);
        Assert.Equal("thread_unreadable", (string)bad["thread_problem"]!["code"]!);
        Assert.Contains("thread_unreadable", (await _stage.RunAsync("agents")).Output, StringComparison.Ordinal);
        Assert.Contains(own, (await _stage.RunAsync("doctor")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _stage.RunAsync("thread", "--new", "marked")).ExitCode);

        var none = await LookAsync(_stage, "marked");
        Assert.Equal(("none", null), ((string)none["state"]!, (string?)none["thread_id"]));
        Assert.DoesNotContain("thread_unreadable", (await _stage.RunAsync("agents")).Output, StringComparison.Ordinal);
        await SayAsync(_stage, "marked", "anew");
        var anew = await LookAsync(_stage, "marked");
        Assert.Equal(("there", true), ((string)anew["state"]!, (string)anew["thread_id"]! != own));
        Assert.True(File.Exists(rollout));
    }

    [Fact]
    public async Task A_thread_that_codex_refused_though_nothing_is_wrong_with_its_rollout_has_the_error_as_its_state()
    {
        _stage.Script(Real);
        await SayAsync(_stage, "refused", "hello");
        _stage.Script("refuse list_turns is not supported yet (code -32601)");
        Assert.Equal(1, (await _stage.RunAsync("say", "--agent", "refused", "again")).ExitCode);

        var bad = await LookAsync(_stage, "refused");

        Assert.Equal("codex_state_unusable", (string)bad["state"]!);
        Assert.NotNull(bad["problem"]);
        Assert.NotNull(bad["remedy"]);
    }

    [Fact]
    public async Task Without_a_daemon_it_shows_and_gives_up_threads_too()
    {
        using var stage = new HostStage(Real);
        await SayAsync(stage, "alone", "hello");
        var own = (string)(await LookAsync(stage, "alone"))["thread_id"]!;
        Directory.Move(Path.Combine(stage.CodexHome, "sessions"), stage.File("away"));
        Assert.Equal("unreachable", (string)(await LookAsync(stage, "alone"))["state"]!);
        CodexSessions.PutNeighbour(stage.CodexHome, own);
        Assert.Equal("unreachable", (string)(await LookAsync(stage, "alone"))["state"]!);
        DeletedRollout.Leave(new AgentDirectory(stage.Profile, AgentId.Parse("alone")), stage.CodexHome, own);
        Assert.Equal("gone", (string)(await LookAsync(stage, "alone"))["state"]!);
        Directory.Delete(Path.Combine(stage.CodexHome, "sessions"), recursive: true);
        Directory.Move(stage.File("away"), Path.Combine(stage.CodexHome, "archived_sessions"));
        Assert.Equal("archived", (string)(await LookAsync(stage, "alone"))["state"]!);

        Assert.Equal(0, (await stage.RunAsync("thread", "alone", "--new")).ExitCode);
        await SayAsync(stage, "alone", "anew");

        Assert.DoesNotContain("resume", stage.Turns[^1].Argv);
        Assert.NotEqual(own, (string)(await LookAsync(stage, "alone"))["thread_id"]!);
    }

    [Fact]
    public async Task An_agent_with_a_turn_keeps_its_thread_and_the_process_is_named()
    {
        using var stage = new HostStage(["touch ${cwd}/../ready", "wait ${cwd}/../go", .. Real]);
        using var running = stage.Start("say", "--agent", "busy", "hello");
        var folder = Path.Combine(stage.Profile, "agents", "busy");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(folder, "ready")), () => "the turn runs");

        var end = await stage.RunAsync("thread", "--new", "busy", "--set", "rollouts.lock-limit=100ms");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("is running a turn of it", end.Errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
        Assert.Equal(0, (await running.EndsAsync()).ExitCode);
        Assert.Equal("there", (string)(await LookAsync(stage, "busy"))["state"]!);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("never-seen")]
    public async Task An_agent_that_is_none_is_refused_and_not_made(string agent)
    {
        using var stage = new HostStage();

        foreach (var arguments in new string[][] { ["thread", agent], ["thread", "--new", agent] })
        {
            var end = await stage.RunAsync(arguments);
            Assert.Equal((2, ""), (end.ExitCode, end.Output));
            Assert.Contains(agent, end.Errors, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(stage.Profile, "agents", agent)));
    }

    private static async Task SayAsync(HostStage stage, string agent, string text)
    {
        var end = await stage.RunAsync("say", "--agent", agent, text);
        Assert.True(end.ExitCode == 0, end.Errors);
    }

    private static async Task<JsonObject> LookAsync(HostStage stage, string agent)
    {
        var end = await stage.RunAsync("thread", agent, "--json");
        Assert.True(end.ExitCode == 0, end.Errors);
        return JsonNode.Parse(end.Output)!.AsObject();
    }

    private static string RolloutOf(HostStage stage, string thread) =>
        Assert.Single(Directory.GetFiles(Path.Combine(stage.CodexHome, "sessions"), $"*{thread}*", SearchOption.AllDirectories));
}
