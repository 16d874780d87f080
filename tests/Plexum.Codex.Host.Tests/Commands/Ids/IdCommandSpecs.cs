using System.Text.Json;

namespace Plexum.Codex.Host.Commands.Ids;

public sealed class IdCommandSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    private static readonly string[] Echo = ["thread", "turn", "say ${prompt}", "completed 1000 10"];

    private readonly HostStage _stage = daemon.Stage;

    [Fact]
    public async Task A_turn_is_named_as_the_last_one_and_an_agent_by_the_beginning_of_its_id()
    {
        _stage.Script(Echo);
        await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("first words\nand more", "named"));
        await daemon.Api.SubmitAsync("--jsn", "named");

        var last = await _stage.RunAsync("events", "last", "--follow");
        var listed = await DocumentAsync("turns", "--agent", "nam");
        var unknown = await _stage.RunAsync("cancel", "--agent", "nmaed");

        Assert.Equal((0, "--jsn\n"), (last.ExitCode, last.Output));
        Assert.Equal((2, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("did you mean named?", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(
            ["--jsn", "first words"],
            listed.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("prompt").GetString())
        );
    }

    [Fact]
    public async Task All_turns_of_an_agent_are_cancelled_at_once_and_those_of_all_agents()
    {
        _stage.Script("thread", "turn", $"touch {_stage.File("many-${prompt}")}", "hang");
        var running = await daemon.Api.SubmitAsync("one", "many");
        await daemon.Api.SubmitAsync("two", "many");
        var other = await daemon.Api.SubmitAsync("three", "others");
        await _stage.AppearsAsync("many-one");
        await _stage.AppearsAsync("many-three");

        var ofAgent = await DocumentAsync("cancel", "--agent", "many");
        var all = await _stage.RunAsync("cancel", "--all", "--force");
        Assert.Equal("cancelled", (await daemon.Api.EventsAsync(running)).StopReason());
        Assert.Equal("cancelled", (await daemon.Api.EventsAsync(other)).StopReason());
        var none = await _stage.RunAsync("cancel", "--all");

        Assert.Equal(
            ["dequeued", "stopping"],
            ofAgent.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("outcome").GetString())
        );
        Assert.Contains("codex was killed", all.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (none.ExitCode, none.Output));
        Assert.Contains("No turn is queued or running.", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_event_has_its_time()
    {
        _stage.Script(Echo);
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("hello", "timed"));

        DateTimeOffset[] times =
        [
            .. _stage.LogOf("timed").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("at").GetDateTimeOffset()),
        ];

        Assert.All(times, time => Assert.InRange(time, before, TimeProvider.System.GetUtcNow()));
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task A_relative_workspace_is_below_the_directory_of_the_caller()
    {
        _stage.Script(Echo);
        var place = Directory.CreateDirectory(_stage.File("caller/project")).FullName;
        using var say = _stage.StartInShell(
            $"cd {Path.GetDirectoryName(place)} && exec \"$0\" \"$@\"",
            "say",
            "--agent",
            "relative",
            "--workspace",
            "./project",
            "from below"
        );

        Assert.Equal(0, (await say.EndsAsync()).ExitCode);
        Assert.Equal(place, _stage.Turns.Single(call => call.Prompt.Trim() == "from below").Cwd);
    }

    [Fact]
    public async Task With_json_errors_are_documents_on_standard_output()
    {
        var mistyped = await _stage.RunAsync("turns", "--limt", "5", "--json");
        using var alone = new HostStage(Echo);
        var without = await alone.RunAsync("cancel", "last", "--json");
        var invalid = await alone.RunAsync("say", "--agent", "alice", "--set", "turns.timeout=soon", "--json", "hello");

        Assert.Equal(("bad_arguments", 2, ""), Error(mistyped));
        Assert.Contains("did you mean --limit?", mistyped.Output, StringComparison.Ordinal);
        Assert.Equal(("no_daemon", 2, ""), Error(without));
        Assert.Equal(("bad_configuration", 2, ""), Error(invalid));
        Assert.Equal(1, JsonDocument.Parse(invalid.Output).RootElement.GetProperty("error").GetProperty("problems").GetArrayLength());
    }

    private static (string? Code, int ExitCode, string Errors) Error(ProgramEnd end)
    {
        var error = JsonDocument.Parse(Assert.Single(end.Lines)).RootElement.GetProperty("error");
        Assert.Equal(end.ExitCode, error.GetProperty("exit_code").GetInt32());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        return (error.GetProperty("code").GetString(), end.ExitCode, end.Errors);
    }

    private async Task<JsonElement> DocumentAsync(params string[] arguments)
    {
        var end = await _stage.RunAsync([.. arguments, "--json"]);
        Assert.Equal(0, end.ExitCode);
        return JsonDocument.Parse(Assert.Single(end.Lines)).RootElement;
    }
}
