using System.Text.Json;

namespace Plexum.Codex.Host.Commands;

public sealed class SayCommandSpecs : IDisposable
{
    private static readonly string[] Echo = ["thread", "turn", "say ${prompt}", "completed 100 10"];

    private readonly HostStage _stage = new(Echo);

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_answer_goes_to_standard_output_and_all_else_to_standard_error()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "hello [bold]world[/] {0}");

        Assert.Equal((0, "hello [bold]world[/] {0}\n"), (end.ExitCode, end.Output));
        Assert.Contains("done in ", end.Errors, StringComparison.Ordinal);
        Assert.Contains("100 tokens in (0 cached), 10 out, thread ", end.Errors, StringComparison.Ordinal);
        Assert.Equal("hello [bold]world[/] {0}", Assert.Single(_stage.Turns).Prompt);
        Assert.Equal(Path.Combine(_stage.Profile, "agents", "alice", "workspace"), _stage.Turns[0].Cwd);
    }

    [Fact]
    public async Task A_dash_takes_the_text_from_standard_input_as_it_is()
    {
        const string Text = "--help\n\"quotes\" 'and' $HOME `x` \\\r\n\t\U0001F980 ünïcödé\n\n";
        using var process = _stage.Start("say", "--agent", "alice", "-");

        var end = await process.EndsAsync(Text);

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(Text, Assert.Single(_stage.Turns).Prompt);
    }

    [Theory]
    [InlineData("@file")]
    [InlineData("resume")]
    [InlineData("two words")]
    public async Task No_text_means_anything_to_the_command_line(string text)
    {
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", text)).ExitCode);
        Assert.Equal(text, Assert.Single(_stage.Turns).Prompt);
    }

    [Fact]
    public async Task Behind_two_dashes_a_text_may_start_with_one()
    {
        Assert.Equal(0, (await _stage.RunAsync("say", "--agent", "alice", "--", "--help")).ExitCode);
        Assert.Equal("--help", Assert.Single(_stage.Turns).Prompt);
    }

    [Fact]
    public async Task A_new_thread_is_begun_where_it_is_asked_for_and_the_next_turn_continues_it()
    {
        await _stage.RunAsync("say", "--agent", "alice", "one");
        await _stage.RunAsync("say", "--agent", "alice", "--new-thread", "two");
        await _stage.RunAsync("say", "--agent", "alice", "three");

        Assert.Equal([false, false, true], _stage.Turns.Select(turn => turn.Argv.Contains("resume")));
    }

    [Fact]
    public async Task Workspace_and_model_reach_codex()
    {
        var workspace = _stage.File("elsewhere");

        var end = await _stage.RunAsync("say", "--agent", "alice", "--workspace", workspace, "--model", "gpt-5", "hello");

        Assert.Equal(0, end.ExitCode);
        var call = Assert.Single(_stage.Turns);
        Assert.Equal(workspace, call.Cwd);
        Assert.Equal("gpt-5", call.Argv[Array.IndexOf(call.Argv, "--model") + 1]);
    }

    [Fact]
    public async Task With_json_the_canonical_events_are_printed_as_they_stand_in_the_log()
    {
        var end = await _stage.RunAsync("say", "--agent", "alice", "--json", "hello");

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(_stage.LogOf("alice"), end.Lines);
        var events = end.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("message_start", events[0].GetProperty("type").GetString());
        Assert.Equal("message_end", events[^1].GetProperty("type").GetString());
        Assert.Equal("end_turn", events[^1].GetProperty("stop_reason").GetString());
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task The_next_say_goes_on_in_the_same_thread()
    {
        await _stage.RunAsync("say", "--agent", "alice", "one");
        await _stage.RunAsync("say", "--agent", "alice", "two");

        Assert.DoesNotContain("resume", _stage.Turns[0].Argv);
        Assert.Contains("resume", _stage.Turns[1].Argv);
    }

    [Fact]
    public async Task A_failed_turn_gives_1_and_says_why_once()
    {
        _stage.Script("thread", "turn", "failed the model is out of sorts", "exit 1");

        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Single(end.Errors.Split('\n'), line => line == "turn_failed: the model is out of sorts");
    }

    [Fact]
    public async Task A_turn_that_takes_too_long_gives_1()
    {
        _stage.Script("thread", "turn", "hang");

        var end = await _stage.RunAsync("say", "--agent", "alice", "--set", "turns.timeout=100ms", "--json", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("\"stop_reason\":\"timeout\"", end.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_codex_gives_1_and_how_to_install_it()
    {
        _stage["PLEXUM_CODEX_BINARY"] = "/nowhere/codex";

        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("/nowhere/codex does not exist", end.Errors, StringComparison.Ordinal);
        Assert.Contains("npm install -g @openai/codex", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_of_which_nothing_can_be_written_gives_1_and_says_why_as_any_other_failure()
    {
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "agents", "alice"));
        File.WriteAllText(Path.Combine(_stage.Profile, "agents", "alice", "turns"), "in the way");

        var end = await _stage.RunAsync("say", "--agent", "alice", "--json", "hello");
        var shown = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal((1, 1), (end.ExitCode, shown.ExitCode));
        var events = end.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["error", "message_end"], events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal([1, 2], events.Select(e => e.GetProperty("seq").GetInt32()));
        Assert.Single(shown.Errors.Split('\n'), line => line.StartsWith("workspace_unusable: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../alice")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("älice")]
    [InlineData("")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task An_agent_id_that_is_none_is_refused_and_nothing_is_made(string id)
    {
        var end = await _stage.RunAsync("say", "--agent", id, "hello");

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains($"The agent id \"{id}\" is invalid", end.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.Profile));
    }

    [Theory]
    [InlineData("There is nothing to say", "say", "--agent", "alice", "")]
    [InlineData("cannot be used", "say", "--agent", "alice", "--workspace", "/proc/nowhere", "hello")]
    [InlineData("model", "say", "--agent", "alice", "--model", "--help", "hello")]
    public async Task What_cannot_be_run_is_refused_with_the_reason(string reason, params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains(reason, end.Errors, StringComparison.Ordinal);
        Assert.Empty(_stage.Turns);
    }

    [Fact]
    public async Task More_text_than_codex_takes_is_refused_without_reading_all_of_it()
    {
        using var process = _stage.StartInShell("yes | \"$0\" \"$@\"", "say", "--agent", "alice", "-");

        var end = await process.EndsAsync();

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("1048576 characters", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_reader_of_the_output_goes_the_turn_still_ends_well()
    {
        _stage.Script(
            "thread",
            "turn",
            "say one",
            $"touch {_stage.File("started")}",
            $"wait {_stage.File("go")}",
            "say two",
            "completed 1 1"
        );
        using var process = _stage.Start("say", "--agent", "alice", "--json", "hello");
        await _stage.AppearsAsync("started");
        process.CloseOutput();
        _stage.Touch("go");

        var end = await process.EndsAsync(readOutput: false);

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("\"stop_reason\":\"end_turn\"", _stage.LogOf("alice")[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$0\" \"$@\" > /dev/full", 1)]
    [InlineData("\"$0\" \"$@\" 2> /dev/full", 0)]
    [InlineData("\"$0\" \"$@\" >&-", 1)]
    [InlineData("\"$0\" \"$@\" 2>&-", 0)]
    [InlineData("\"$0\" \"$@\" <&-", 0)]
    public async Task An_output_that_cannot_be_written_does_not_stop_the_turn(string line, int exitCode)
    {
        using var process = _stage.StartInShell(line, "say", "--agent", "alice", "hello");

        var end = await process.EndsAsync();

        Assert.Equal(exitCode, end.ExitCode);
        Assert.Contains("\"stop_reason\":\"end_turn\"", _stage.LogOf("alice")[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Errors, StringComparison.Ordinal);
    }
}
