using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Faults;

public sealed class ReadOnlySpecs() : FaultTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [MountFact]
    public async Task A_workspace_that_may_only_be_read_refuses_the_turn_and_others_run()
    {
        await Daemon.StartAsync($"mount --bind \"{Daemon.Codex.Workspace}\" \"{Daemon.Codex.Workspace}\"\nmount -o remount,bind,ro \"{Daemon.Codex.Workspace}\"");

        var refused = await Daemon.TrySubmitAsync("x", workspace: Daemon.Codex.Workspace);

        Assert.Contains("ead-only", refused.Problem(422, "workspace_not_writable"), StringComparison.Ordinal);
        Assert.Equal("message_end", (await Daemon.EventsAsync(await Daemon.SubmitAsync("x")))[^1].Type);
        Assert.Single(Daemon.Turns);
    }

    [MountFact]
    public async Task A_profile_that_may_only_be_read_ends_the_start_with_a_sentence()
    {
        var (exit, errors) = await Daemon.FailAsync("mount -t tmpfs -o ro tmpfs \"$PLEXUM_PROFILE_ROOT\"");

        Assert.Equal(2, exit);
        Assert.Contains($"The profile's directory {Daemon.Profile} cannot be used: Read-only file system", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_directory_of_the_profile_ends_the_start_with_a_sentence()
    {
        File.WriteAllText(Path.Combine(Daemon.Profile, "agents"), "keep");

        var (exit, errors) = await Daemon.FailAsync();

        Assert.Equal(2, exit);
        Assert.Contains($"The profile's directory {Path.Combine(Daemon.Profile, "agents")} cannot be used", errors, StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(Path.Combine(Daemon.Profile, "agents")));
    }

    [Fact]
    public async Task A_file_in_the_place_of_an_agent_s_directory_fails_its_turns_only_and_they_run_once_it_is_gone()
    {
        await Daemon.StartAsync();
        var file = Path.Combine(Daemon.Profile, "agents", "alice");
        File.WriteAllText(file, "keep");

        var turn = await Daemon.PostAsync("/v1/agents/alice/turns", new JsonObject
        {
            ["workspace"] = Daemon.Codex.Workspace,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "x" }),
        });
        var events = await Daemon.EventsAsync((string)turn.Json["turn_id"]!);
        Assert.Equal(["error", "message_end"], events.Select(e => e.Type));
        Assert.Contains(file, (string)events[0].Json["message"]!, StringComparison.Ordinal);
        (await Daemon.TrySubmitAsync("x")).Problem(422, "workspace_not_writable");
        Assert.Equal("message_end", (await Daemon.EventsAsync(await Daemon.SubmitAsync("x", "bob")))[^1].Type);
        File.Delete(file);

        var later = await Daemon.EventsAsync(await Daemon.SubmitAsync("x"));
        Assert.Equal("end_turn", (string)later[^1].Json["stop_reason"]!);
    }
}
