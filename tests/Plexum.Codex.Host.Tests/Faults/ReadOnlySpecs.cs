namespace Plexum.Codex.Host.Faults;

public sealed class ReadOnlySpecs() : DaemonProcessTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [MountFact]
    public async Task A_workspace_that_may_only_be_read_refuses_the_turn_and_others_run()
    {
        Daemon.Before = $"mount --bind \"{Stage.Workspace}\" \"{Stage.Workspace}\"\nmount -o remount,bind,ro \"{Stage.Workspace}\"";
        await Daemon.StartAsync();

        var refused = await Daemon.Api.TrySubmitAsync("x", change: body => body["workspace"] = Stage.Workspace);

        Assert.Contains("ead-only", refused.Problem(422, "workspace_not_writable"), StringComparison.Ordinal);
        Assert.Equal("message_end", (await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("x")))[^1].Type);
        Assert.Single(Stage.Turns);
    }

    [MountFact]
    public async Task A_profile_that_may_only_be_read_ends_the_start_with_a_sentence()
    {
        Daemon.Before = "mount -t tmpfs -o ro,mode=700 tmpfs \"$PLEXUM_PROFILE_ROOT\"";
        Daemon.Launch();
        var (exit, _, errors) = await Daemon.EndsAsync();

        Assert.Equal(2, exit);
        Assert.Contains(
            $"The profile's directory {Daemon.Profile} cannot be used: Read-only file system",
            errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_directory_of_the_profile_ends_the_start_with_a_sentence()
    {
        File.WriteAllText(Path.Combine(Daemon.Profile, "agents"), "keep");

        Daemon.Launch();
        var (exit, _, errors) = await Daemon.EndsAsync();

        Assert.Equal(2, exit);
        Assert.Contains(
            $"The profile's directory {Path.Combine(Daemon.Profile, "agents")} cannot be used",
            errors,
            StringComparison.Ordinal
        );
        Assert.Equal("keep", File.ReadAllText(Path.Combine(Daemon.Profile, "agents")));
    }

    [Fact]
    public async Task A_file_in_the_place_of_an_agent_s_directory_fails_its_turns_only_and_they_run_once_it_is_gone()
    {
        await Daemon.StartAsync();
        var file = Path.Combine(Daemon.Profile, "agents", "alice");
        File.WriteAllText(file, "keep");

        var turn = await Daemon.Api.SubmitAsync("x", change: body => body["workspace"] = Stage.Workspace);
        var events = await Daemon.Api.EventsAsync(turn);
        Assert.Equal(["error", "message_end"], events.Select(e => e.Type));
        Assert.Contains(file, (string)events[0].Json["message"]!, StringComparison.Ordinal);
        (await Daemon.Api.TrySubmitAsync("x")).Problem(422, "workspace_not_writable");
        Assert.Equal("message_end", (await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("x", "bob")))[^1].Type);
        File.Delete(file);

        var later = await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("x"));
        Assert.Equal("end_turn", (string)later[^1].Json["stop_reason"]!);
    }
}
