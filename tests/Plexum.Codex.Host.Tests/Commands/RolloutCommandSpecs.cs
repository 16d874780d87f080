using System.Text.Json;

namespace Plexum.Codex.Host.Commands;

public sealed class RolloutCommandSpecs : IDisposable
{
    private static readonly string ToolOutput = new('o', 1000);

    private readonly HostStage _stage = new(
        "thread",
        "turn",
        """rollout {"type":"response_item","payload":"""
            + """{"type":"function_call","name":"get","namespace":"mcp__notes","arguments":"{\"key\":1}","call_id":"call_1"}}""",
        $$$"""rollout {"type":"response_item","payload":{"type":"function_call_output","call_id":"call_1","output":"{{{ToolOutput}}}"}}""",
        """rollout {"type":"response_item","payload":{"type":"function_call","name":"[bold]exec","arguments":"{}","call_id":"call_2"}}""",
        "completed 1 1"
    );

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_table_shows_the_calls_with_their_sizes_and_what_consuming_them_saves()
    {
        await _stage.RunAsync("say", "--agent", "alice", "hello");

        var end = await _stage.RunAsync("rollout", "--agent", "alice");

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(
            ["call_1 mcp__notes/get 11 1,002 987 993", "call_2 [bold]exec 2 - 0 0"],
            end.Lines.Where(line => line.StartsWith("call_", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
        Assert.Contains(
            "2 calls. Consuming all of them saves the model 987 bytes with consume-light, 993 with consume-heavy.",
            end.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_same_comes_as_JSON_also_for_a_workspace_of_the_host_s()
    {
        var workspace = _stage.File("elsewhere");
        await _stage.RunAsync("say", "--agent", "alice", "--workspace", workspace, "hello");

        var end = await _stage.RunAsync("rollout", "--agent", "alice", "--workspace", workspace, "--json");

        using var json = JsonDocument.Parse(Assert.Single(end.Lines));
        var calls = json.RootElement.GetProperty("calls");
        Assert.Equal("alice", json.RootElement.GetProperty("agent_id").GetString());
        Assert.Equal(
            new FileInfo(json.RootElement.GetProperty("path").GetString()!).Length,
            json.RootElement.GetProperty("bytes").GetInt64()
        );
        Assert.Equal(
            """{"id":"call_1","name":"get","namespace":"mcp__notes","argument_bytes":11"""
                + ""","output_bytes":1002,"light_saves":987,"heavy_saves":993}""",
            calls[0].GetRawText()
        );
        Assert.Equal(JsonValueKind.Null, calls[1].GetProperty("output_bytes").ValueKind);
    }

    [Fact]
    public async Task What_cannot_be_listed_is_told_with_the_way_out()
    {
        var unknown = await _stage.RunAsync("rollout", "--agent", "nobody");
        Assert.Equal((2, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("The agent nobody has had no turn", unknown.Errors, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_stage.Profile, "agents", "alice"));
        var workspace = Directory.CreateDirectory(_stage.File("fresh")).FullName;
        var fresh = await _stage.RunAsync("rollout", "--agent", "alice", "--workspace", workspace);
        Assert.Equal(1, fresh.ExitCode);
        Assert.Contains("has no thread yet", fresh.Errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(workspace, ".plexum-codex-session"), "019a0000-0000-7000-8000-00000000abcd");
        var lost = await _stage.RunAsync("rollout", "--agent", "alice", "--workspace", workspace);
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains(
            "There is no rollout of the thread 019a0000-0000-7000-8000-00000000abcd in ",
            lost.Errors,
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await _stage.RunAsync("rollout", "--agent", "a/b")).ExitCode);
    }
}
