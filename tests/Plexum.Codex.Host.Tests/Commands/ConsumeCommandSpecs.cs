namespace Plexum.Codex.Host.Commands;

public sealed class ConsumeCommandSpecs : IDisposable
{
    private const string Thread = "019a0000-0000-7000-8000-00000000abcd";

    private readonly HostStage _stage = new();

    private string Rollout => Path.Combine(_stage.File("home"), "sessions", $"rollout-2026-11-20T22-06-00-{Thread}.jsonl");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Calls_are_consumed_and_counted()
    {
        WriteThread();

        var end = await _stage.RunAsync("consume", "--agent", "alice", "--op", "consume-heavy", "call_1", "call_2", "call_3");

        Assert.Equal((0, "1 of 3 tool calls are consumed.\n"), (end.ExitCode, end.Output));
        Assert.Contains("The output of call_2 is shorter", end.Errors, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Rollout);
        Assert.Contains("\"output\":\"...(tool called)\" ", text, StringComparison.Ordinal);
        Assert.Contains("\"output\":\"ok\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_and_warnings_are_there_for_programs_too()
    {
        WriteThread();

        var end = await _stage.RunAsync("consume", "--agent", "alice", "--op", "consume-light", "--json", "call_1", "call_3");

        Assert.Equal((0, "{\"touched\":1,\"requested\":2,\"warnings\":[]}\n"), (end.ExitCode, end.Output));
    }

    [Fact]
    public async Task An_agent_that_has_had_no_turn_is_unknown()
    {
        var end = await _stage.RunAsync("consume", "--agent", "alice", "--op", "consume-light", "call_1");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("The agent alice has had no turn", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_without_a_thread_has_nothing_to_consume()
    {
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "agents", "alice", "workspace"));

        var end = await _stage.RunAsync("consume", "--agent", "alice", "--op", "consume-light", "call_1");

        Assert.Equal((0, "0 of 1 tool calls are consumed.\n"), (end.ExitCode, end.Output));
    }

    [Theory]
    [InlineData("--agent", "alice", "--op", "consume-some", "call_1")]
    [InlineData("--agent", "a/b", "--op", "consume-light", "call_1")]
    [InlineData("--agent", "alice", "--op", "consume-light")]
    [InlineData("--agent", "alice", "--workspace", "", "--op", "consume-light", "call_1")]
    public async Task What_makes_no_sense_is_refused(params string[] arguments)
    {
        var end = await _stage.RunAsync(["consume", .. arguments]);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.NotEqual("", end.Errors);
    }

    private void WriteThread()
    {
        var workspace = Path.Combine(_stage.Profile, "agents", "alice", "workspace");
        Directory.CreateDirectory(workspace);
        File.WriteAllText(Path.Combine(workspace, ".plexum-codex-session"), Thread);
        Directory.CreateDirectory(Path.GetDirectoryName(Rollout)!);
        File.WriteAllLines(
            Rollout,
            [
                """{"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":"a long enough output"}}""",
                """{"type":"response_item","payload":{"type":"function_call_output","call_id":"call_2","output":"ok"}}""",
            ]
        );
    }
}
