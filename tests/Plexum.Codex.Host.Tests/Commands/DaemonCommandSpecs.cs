using System.Text.Json;

namespace Plexum.Codex.Host.Commands;

public sealed class DaemonCommandSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    private static readonly string[] Echo = ["thread", "turn", "say ${prompt}", "completed 1000 10"];

    private readonly HostStage _stage = daemon.Stage;

    [Theory]
    [InlineData("submit", "--agent", "alice", "hello")]
    [InlineData("cancel", "turn-1")]
    [InlineData("status")]
    public async Task Without_a_daemon_the_way_out_is_told(params string[] arguments)
    {
        using var stage = new HostStage(Echo);
        var end = await stage.RunAsync(arguments);

        Assert.Equal((2, ""), (end.ExitCode, end.Output));
        Assert.Contains("\"plexum-codex daemon start\"", end.Errors, StringComparison.Ordinal);
        Assert.Contains(stage.Profile, end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_a_dead_daemon_has_left_is_none()
    {
        using var stage = new HostStage(Echo);
        await using (var own = await stage.StartDaemonAsync())
        {
            await own.KillAsync();
        }

        Assert.True(File.Exists(Path.Combine(stage.Profile, "plexum-codex.sock")));
        Assert.Equal(2, (await stage.RunAsync("status")).ExitCode);
        Assert.Equal((0, "hello\n"), Answer(await stage.RunAsync("say", "--agent", "alice", "hello")));
    }

    [Fact]
    public async Task A_turn_is_submitted_followed_and_listed()
    {
        _stage.Script(Echo);
        var submitted = await _stage.RunAsync("submit", "--agent", "follower", "hello");
        var turn = Assert.Single(submitted.Lines);
        var followed = await _stage.RunAsync("events", turn, "--follow");
        var json = await _stage.RunAsync("events", turn, "--json");
        var rest = await _stage.RunAsync("events", turn, "--json", "--from", "3");
        var beyond = await _stage.RunAsync("events", turn, "--follow", "--from", "99");

        Assert.Equal(0, submitted.ExitCode);
        Assert.Equal((0, "hello\n"), Answer(followed));
        Assert.Contains("done in ", followed.Errors, StringComparison.Ordinal);
        Assert.Equal(_stage.LogOf("follower"), json.Lines);
        Assert.Equal(json.Lines[2..], rest.Lines);
        Assert.Equal((0, ""), Answer(beyond));
        Assert.Contains(turn, (await _stage.RunAsync("turns")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_turn()
    {
        _stage.Script(Echo);
        var first = await _stage.RunAsync("submit", "--agent", "keyed", "--key", "k", "hello");
        var other = await _stage.RunAsync("submit", "--agent", "keyed", "--workspace", _stage.File("elsewhere"), "hello");
        var second = await _stage.RunAsync("submit", "--agent", "keyed", "--key", "k", "hello");
        var refused = await _stage.RunAsync("submit", "--agent", "keyed", "--key", "k", "something else");

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(Assert.Single(first.Lines), refused.Errors, StringComparison.Ordinal);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, other.Output);
        Assert.Equal(0, (await _stage.RunAsync("events", Assert.Single(other.Lines), "--follow")).ExitCode);
    }

    [Fact]
    public async Task Tables_are_for_people_and_documents_for_programs()
    {
        using var stage = new HostStage(Echo);
        await using var own = await stage.StartDaemonAsync();
        await stage.RunAsync("say", "--agent", "alice", "hello");
        stage.Script("thread", "turn", "failed no luck", "exit 1");
        await stage.RunAsync("say", "--agent", "bob", "hello");

        var turns = await stage.RunAsync("turns");
        Assert.StartsWith("TURN ", turns.Lines[0], StringComparison.Ordinal);
        Assert.Contains(turns.Lines, line =>
            line.Contains("bob", StringComparison.Ordinal)
            && line.Contains("failed", StringComparison.Ordinal)
            && line.Contains("turn_failed: no luck", StringComparison.Ordinal)
        );
        Assert.Contains(turns.Lines, line =>
            line.Contains("alice", StringComparison.Ordinal)
            && line.Contains("done", StringComparison.Ordinal)
            && line.Contains("1,000", StringComparison.Ordinal)
        );
        var bobs = (await DocumentAsync(stage, "turns", "--agent", "bob", "--state", "ended", "--limit", "1")).GetProperty("turns");
        Assert.Equal("bob", Assert.Single(bobs.EnumerateArray()).GetProperty("agent_id").GetString());
        Assert.Empty((await DocumentAsync(stage, "turns", "--state", "queued")).GetProperty("turns").EnumerateArray());

        Assert.StartsWith("AGENT ", (await stage.RunAsync("agents")).Lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["alice", "bob"],
            (await DocumentAsync(stage, "agents"))
                .GetProperty("agents")
                .EnumerateArray()
                .Select(agent => agent.GetProperty("agent_id").GetString())
        );
        Assert.Contains("accepts turns", (await stage.RunAsync("status")).Output, StringComparison.Ordinal);
        Assert.True((await DocumentAsync(stage, "status")).GetProperty("ready").GetBoolean());
        Assert.StartsWith("DAY ", (await stage.RunAsync("usage", "--days", "1")).Lines[0], StringComparison.Ordinal);
        Assert.Equal(2, (await DocumentAsync(stage, "usage")).GetProperty("days")[0].GetProperty("turns").GetInt32());
        Assert.Equal(1, (await DocumentAsync(stage, "usage", "--agent", "bob")).GetProperty("days")[0].GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task A_cancel_says_what_really_happened()
    {
        _stage.Script("thread", "turn", $"touch {_stage.File("cancelled-started")}", "hang");
        var running = Assert.Single((await _stage.RunAsync("submit", "--agent", "cancelled", "one")).Lines);
        var waiting = Assert.Single((await _stage.RunAsync("submit", "--agent", "cancelled", "two")).Lines);
        await _stage.AppearsAsync("cancelled-started");

        Assert.Equal((0, $"The turn {waiting} was queued and will not run.\n"), Answer(await _stage.RunAsync("cancel", waiting)));
        Assert.Equal(
            (0, $"codex was asked to stop the turn {running} and is forced to if it does not.\n"),
            Answer(await _stage.RunAsync("cancel", running))
        );
        Assert.Equal(130, (await _stage.RunAsync("events", running, "--follow")).ExitCode);
        Assert.Equal((0, $"The turn {running} had already ended: cancelled.\n"), Answer(await _stage.RunAsync("cancel", running)));
        Assert.Equal("ended", (await DocumentAsync(_stage, "cancel", running)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_forced_cancel_kills_codex()
    {
        _stage.Script("ignore INT", "ignore TERM", "thread", "turn", $"touch {_stage.File("forced-started")}", "hang");
        var turn = Assert.Single((await _stage.RunAsync("submit", "--agent", "forced", "one")).Lines);
        await _stage.AppearsAsync("forced-started");

        Assert.Equal((0, $"codex was killed, and the turn {turn} with it.\n"), Answer(await _stage.RunAsync("cancel", turn, "--force")));
        Assert.Equal(130, (await _stage.RunAsync("events", turn, "--follow")).ExitCode);
    }

    [Fact]
    public async Task Events_without_follow_are_those_that_are_there()
    {
        _stage.Script(
            "thread",
            "turn",
            "say before",
            $"touch {_stage.File("partly-started")}",
            $"wait {_stage.File("partly-go")}",
            "say after",
            "completed 1 1"
        );
        var turn = Assert.Single((await _stage.RunAsync("submit", "--agent", "partly", "one")).Lines);
        var waiting = Assert.Single((await _stage.RunAsync("submit", "--agent", "partly", "two")).Lines);
        await _stage.AppearsAsync("partly-started");
        using var following = _stage.Start("events", turn, "--follow");
        await following.PrintsAsync("before");

        Assert.Equal((0, "before\n"), Answer(await _stage.RunAsync("events", turn)));
        var none = await _stage.RunAsync("events", waiting);
        Assert.Equal((0, ""), Answer(none));
        Assert.Contains("--follow", none.Errors, StringComparison.Ordinal);
        _stage.Touch("partly-go");
        Assert.Equal((0, "after\n"), Answer(await following.EndsAsync()));
    }

    [Theory]
    [InlineData("no such turn", "events", "turn-1")]
    [InlineData("no such turn", "cancel", "turn-1")]
    [InlineData("is not a turn id", "cancel", "../turn")]
    [InlineData("--workspace is empty", "submit", "--agent", "alice", "--workspace", "", "hello")]
    [InlineData("one of the three", "cancel")]
    [InlineData("one of the three", "cancel", "last", "--all")]
    [InlineData("agent id", "turns", "--agent", "a/b")]
    public async Task What_is_refused_gives_2_and_says_why(string says, params string[] arguments)
    {
        var end = await _stage.RunAsync(arguments);

        Assert.Equal((2, ""), Answer(end));
        Assert.Contains(says, end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consume_goes_through_the_daemon()
    {
        _stage.Script(Echo);
        await _stage.RunAsync("say", "--agent", "consumer", "hello");

        var end = await _stage.RunAsync("consume", "--agent", "consumer", "--op", "consume-light", "--json", "call_1");

        Assert.Equal(0, end.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(end.Output).RootElement.GetProperty("requested").GetInt32());
    }

    private static (int, string) Answer(ProgramEnd end) => (end.ExitCode, end.Output);

    private static async Task<JsonElement> DocumentAsync(HostStage stage, params string[] arguments)
    {
        var end = await stage.RunAsync([.. arguments, "--json"]);
        Assert.Equal(0, end.ExitCode);
        return JsonDocument.Parse(Assert.Single(end.Lines)).RootElement;
    }
}
