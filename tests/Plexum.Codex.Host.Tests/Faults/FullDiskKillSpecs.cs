namespace Plexum.Codex.Host.Faults;

/// <summary>
/// The disk is full, and the daemon is killed. The profile's disk is a small one in a namespace that outlives the daemon, so that the next
/// one finds it again.
/// </summary>
public sealed class FullDiskKillSpecs : DaemonProcessTest
{
    [MountFact]
    public async Task A_turn_has_one_end_however_often_the_daemon_is_killed_while_the_disk_is_full()
    {
        Stage.Script(
            "thread",
            "turn",
            "say begin",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "flood 500 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\"text ${n}\"}}",
            "completed 100 10"
        );
        using var disk = Stage.StartOther(
            "unshare",
            [
                .. MountNamespace.Arguments,
                "/bin/sh",
                "-e",
                "-c",
                "mount -t tmpfs -o size=6m,mode=700 tmpfs \"$0\"; echo mounted; exec cat",
                Stage.Profile,
            ]
        );
        await disk.PrintsAsync("mounted");
        Daemon.Program = "nsenter";
        Daemon.Arguments.InsertRange(
            0,
            ["--preserve-credentials", "--user", "--mount", FormattableString.Invariant($"--target={disk.Id}"), ProgramProcess.PlexumCodex]
        );
        const string Called = "api.other-namespaces-may-call=on";
        await Daemon.StartAsync(Called);
        var turn = await Daemon.Api.SubmitAsync("first");
        await Stage.AppearsAsync("ready");
        var seen = new List<SseEvent>();
        var reading = ReadToTheKillAsync(turn, seen);
        await Limits.UntilAsync(() => seen.Count > 0);
        var filler = ProcessProbe.PathSeenBy(disk.Id, Path.Combine(Stage.Profile, "filler"));
        Fill(filler);
        Stage.Touch("go");
        await ProcessProbe.GoneAsync(Assert.Single(Stage.Turns).Pid);

        await Daemon.KillAsync();
        await reading.WithinLimit();
        File.Delete(filler);
        await Daemon.StartAsync(Called);
        var first = await Daemon.Api.EventsAsync(turn);
        await Daemon.KillAsync();
        await Daemon.StartAsync(Called);
        var second = await Daemon.Api.EventsAsync(turn);

        first.AreWhole();
        Assert.NotEmpty(seen);
        Assert.Equal(seen.Select(e => (e.Id, e.Data)), first.Take(seen.Count).Select(e => (e.Id, e.Data)));
        Assert.Equal(first.Select(e => (e.Id, e.Data)), second.Select(e => (e.Id, e.Data)));
        var ended = await Daemon.Api.EndedAsync(turn);
        Assert.Equal(first.StopReason(), (string)ended["stop_reason"]!);
        var tokens = (int)ended["usage"]!["input_tokens"]!;
        Assert.Equal(tokens, (int)first[^1].Json["usage"]!["input_tokens"]!);
        Assert.Equal(tokens, (int)(await Daemon.Api.JsonAsync("/v1/usage"))["days"]![0]!["usage"]!["input_tokens"]!);
        Assert.Equal(tokens, (int)(await Daemon.Api.AgentAsync())["usage"]!["input_tokens"]!);
    }

    private async Task ReadToTheKillAsync(string turn, List<SseEvent> seen)
    {
        try
        {
            await foreach (var value in Daemon.Api.FollowAsync(turn))
            {
                seen.Add(value);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The daemon was killed.
        }
    }

    private static void Fill(string path)
    {
        using var filler = File.Create(path, 1);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
