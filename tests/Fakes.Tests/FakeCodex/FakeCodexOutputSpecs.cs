using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Fakes.FakeCodex;

public sealed class FakeCodexOutputSpecs
{
    public static TheoryData<string> Prompts =>
        new("--help", "resume", "-", new string('x', 200_000), "\"quotes\" 'and'\n\r\n\tlines \\ ${pid} 😀\u0001");

    [Theory]
    [MemberData(nameof(Prompts))]
    public async Task Without_a_script_the_prompt_is_said_back(string prompt)
    {
        using var stage = new FakeCodexStage();

        var events = (await FakeCodexRun.RunAsync(stage, prompt)).Lines.Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(["thread.started", "turn.started", "item.completed", "turn.completed"], events.Select(one => (string)one["type"]!));
        Assert.Equal(prompt, (string)events[2]["item"]!["text"]!);
    }

    [Fact]
    public async Task Events_look_like_those_of_codex()
    {
        using var stage = new FakeCodexStage(
            "thread 01a1fa64-9d52-74e3-b4e6-510263c8c59d",
            "warn careful",
            "turn",
            "think hm",
            "command ls \"a b\"",
            "begin sleep 9",
            "say a \\ b",
            "error Reconnecting... 1/1",
            "failed it \"broke\"",
            "completed 100 20 30 5",
            "emit {\"cwd\":\"${cwd}\",\"call\":${call}}"
        );

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal(
            [
                """{"type":"thread.started","thread_id":"01a1fa64-9d52-74e3-b4e6-510263c8c59d"}""",
                """{"type":"item.completed","item":{"id":"item_1","type":"error","message":"careful"}}""",
                """{"type":"turn.started"}""",
                """{"type":"item.completed","item":{"id":"item_2","type":"reasoning","text":"hm"}}""",
                """{"type":"item.started","item":{"id":"item_3","type":"command_"""
                    + """execution","command":"/bin/bash -lc """
                    + """'ls \"a b\"'","aggregated_output":"","exit_code":null,"status":"in_progress"}}""",
                """{"type":"item.completed","item":{"id":"item_3","type":"command_"""
                    + """execution","command":"/bin/bash -lc """
                    + """'ls \"a b\"'","aggregated_output":"done\n","exit_code":0,"status":"completed"}}""",
                """{"type":"item.started","item":{"id":"item_4","type":"command_"""
                    + """execution","command":"/bin/bash -lc 'sleep 9'","aggregated_output":"","exit_code":null,"status":"in_progress"}}""",
                """{"type":"item.completed","item":{"id":"item_5","type":"agent_message","text":"a \\ b"}}""",
                """{"type":"error","message":"Reconnecting... 1/1"}""",
                """{"type":"error","message":"it \"broke\""}""",
                """{"type":"turn.failed","error":{"message":"it \"broke\""}}""",
                """{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":30"""
                    + ""","cache_write_input_tokens":0,"output_tokens":20,"reasoning_output_tokens":5}}""",
                $$"""{"cwd":"{{stage.Workspace}}","call":1}""",
            ],
            result.Lines
        );
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Output_comes_in_the_chunks_asked_for()
    {
        using var stage = new FakeCodexStage("chunks 3", $"emit {new string('x', 6000)}", "chunks 0", "touch ../written", "wait ../go");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("written");

        var writes = run.CountWrites();
        stage.Touch("go");

        Assert.InRange(writes, 2001, 2500);
        Assert.Equal(6001, (await run.EndAsync()).Bytes.Length);
    }

    [Fact]
    public async Task A_line_can_come_in_two_halves()
    {
        using var stage = new FakeCodexStage("raw \\x41\\n\\r\\t\\\\", "touch ../half", "wait ../go", "raw 😀\\x0a");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("half");

        var buffer = new byte[64];
        var count = await run.Output.BaseStream.ReadAsync(buffer).WithinLimit();
        stage.Touch("go");

        Assert.Equal("A\n\r\t\\", Encoding.UTF8.GetString(buffer, 0, count));
        Assert.Equal("😀\n", (await run.EndAsync()).Output);
    }

    [Fact]
    public async Task A_flood_is_complete_and_numbered()
    {
        using var stage = new FakeCodexStage("flood 20000 {\"n\":${n}}", "stderr-flood 20000 noise ${n}");

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal(20_000, result.Lines.Length);
        Assert.Equal("{\"n\":20000}", result.Lines[^1]);
        Assert.Equal(20_000, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_long_line_has_exactly_the_length()
    {
        using var stage = new FakeCodexStage("long 6300000");

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal(6_300_000, result.Bytes.Length - 1);
        Assert.Equal("agent_message", (string)JsonNode.Parse(result.Lines.Single())!["item"]!["type"]!);
    }

    [Fact]
    public async Task Noise_is_the_same_for_the_same_seed()
    {
        using var one = new FakeCodexStage("noise 100000 7");
        using var other = new FakeCodexStage("noise 100000 8");

        var first = await FakeCodexRun.RunAsync(one);
        var again = await FakeCodexRun.RunAsync(one);
        var different = await FakeCodexRun.RunAsync(other);

        Assert.Equal(100_000, first.Bytes.Length);
        Assert.Equal(first.Bytes, again.Bytes);
        Assert.NotEqual(first.Bytes, different.Bytes);
    }

    [Fact]
    public async Task Standard_error_carries_what_the_script_says_even_if_it_looks_like_protocol()
    {
        using var stage = new FakeCodexStage("stderr {\"type\":\"turn.completed\"}", "thread");

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal("{\"type\":\"turn.completed\"}\n", result.Error);
        Assert.Single(result.Lines);
    }

    [Fact]
    public async Task Output_into_a_file_continues_where_the_file_ends()
    {
        using var stage = new FakeCodexStage("emit second", "stderr third");
        var log = stage.File("log");
        File.WriteAllText(log, "first\n");
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", $"echo x | {FakeCodexStage.Binary} exec - >>{log} 2>&1"]);
        foreach (var (name, value) in stage.Environment)
        {
            start.Environment[name] = value;
        }

        using var shell = System.Diagnostics.Process.Start(start)!;
        await shell.WaitForExitAsync();

        Assert.Equal("first\nsecond\nthird\n", File.ReadAllText(log));
    }
}
