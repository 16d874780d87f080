using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd.Warm;

/// <summary>The daemon, the warm server or both are killed while a turn runs.</summary>
public sealed class DeathSpecs(WarmStage stage) : IClassFixture<WarmStage>
{
    private const string Exec = "exec";
    private const string AppServer = "app-server";
    private const string Endless = "!run echo $$ > pid; touch here; sleep 3600\n!say never said";

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_turn_whose_daemon_is_killed_ends_once_with_its_answer(string backend)
    {
        var agent = $"daemon-{backend}";
        var before = (await stage.SayAsync(agent, backend, "Before.")).Said("Before.");
        var turn = await stage.SubmitAsync(agent, backend, "!run touch here; while [ ! -e go ]; do sleep 0.05; done\n!say after");
        await stage.MadeAsync(agent, "here");
        var servers = stage.Servers;

        await stage.Daemon.RestartAsync();
        await File.WriteAllTextAsync(stage.FileOf(agent, "go"), "");
        var ended = (await stage.EndAsync(turn)).Said("after");

        Assert.Equal(before.Thread, ended.Thread);
        Assert.Single(ended.Events.OfType<CanonicalEvent.ToolCall>());
        Assert.Equal(before.Thread, (await stage.SayAsync(agent, backend, "Next.")).Said("Next.").Thread);
        Assert.Single(stage.Model.RequestsOf(before.Thread), request => request.LastUserText == "Next.");
        Assert.Equal(servers, stage.Servers);
    }

    [Fact]
    public async Task A_turn_whose_server_is_killed_ends_once_as_lost_and_both_backends_continue_in_its_thread()
    {
        const string Agent = "server";
        var before = (await stage.SayAsync(Agent, AppServer, "Before.")).Said("Before.");
        var turn = await stage.SubmitAsync(Agent, AppServer, Endless);
        await stage.MadeAsync(Agent, "here");

        var killed = await stage.KillServersAsync();
        var lost = await stage.EndAsync(turn);

        await IsLostAsync(lost, Agent);
        Assert.Equal(before.Thread, lost.Thread);
        Assert.Equal($"Before.\n{Endless}", (await stage.SayAsync(Agent, AppServer, "!recall")).Succeeded().Text);
        Assert.Equal(before.Thread, (await stage.SayAsync(Agent, Exec, "Next.")).Said("Next.").Thread);
        Assert.Empty(killed.Intersect(stage.Servers));
    }

    [Fact]
    public async Task A_turn_whose_daemon_and_server_are_killed_ends_once_as_lost_and_nothing_is_left_when_the_daemon_stops()
    {
        const string Agent = "both";
        var before = (await stage.SayAsync(Agent, AppServer, "Before.")).Said("Before.");
        var turn = await stage.SubmitAsync(Agent, AppServer, Endless);
        await stage.MadeAsync(Agent, "here");

        await stage.Daemon.KillAsync();
        await stage.KillServersAsync();
        await stage.Daemon.StartAsync();
        var lost = await stage.EndAsync(turn);

        await IsLostAsync(lost, Agent);
        Assert.Equal(before.Thread, lost.Thread);
        Assert.Equal(before.Thread, (await stage.SayAsync(Agent, AppServer, "Next.")).Said("Next.").Thread);
        var server = Assert.Single(stage.Servers);

        await stage.Daemon.StopAsync();
        await ProcessProbe.GoneAsync(server);
        await stage.Daemon.StartAsync();
        Assert.Equal(before.Thread, (await stage.SayAsync(Agent, Exec, "Last.")).Said("Last.").Thread);
    }

    [Theory]
    [MemberData(nameof(WarmStage.Both), MemberType = typeof(WarmStage))]
    public async Task A_say_without_a_daemon_waits_for_the_turn_that_the_last_one_left_and_each_has_its_own_answer(string backend)
    {
        var agent = $"left-{backend}";
        var before = (await stage.SayAsync(agent, AppServer, "Before.")).Said("Before.");
        var turn = await stage.SubmitAsync(agent, AppServer, "!run touch here; while [ ! -e go ]; do sleep 0.05; done\n!say first");
        await stage.MadeAsync(agent, "here");
        await stage.Daemon.StopAsync();

        using var say = stage.Say(agent, backend, "Second.");
        await Limits.UntilAsync(() => say.Errors.Length > 0 || say.HasExited);
        await File.WriteAllTextAsync(stage.FileOf(agent, "go"), "");
        var said = await say.EndsAsync();

        Assert.True(said.ExitCode == 0, said.Errors);
        Assert.Equal("Second.", said.Output.Trim());
        await stage.Daemon.StartAsync();
        var first = (await stage.EndAsync(turn)).Said("first");
        Assert.Equal(before.Thread, first.Thread);
        Assert.Single(first.Events.OfType<CanonicalEvent.ToolCall>());
    }

    // A command was begun, so the same turn must not simply be sent again.
    private async Task IsLostAsync(FinishedTurn turn, string agent)
    {
        var error = Assert.IsType<CanonicalEvent.Error>(turn.Error);
        Assert.Equal(("app_server_lost", TurnErrorClass.Process, false), (error.Code, error.Class, error.Retryable));
        await ProcessProbe.GoneAsync(stage.PidOf(agent, "pid"));
    }
}
