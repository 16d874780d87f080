using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Plugin;

/// <summary>A daemon that dies while a plugin needs it, with nobody else to start it anew.</summary>
public sealed class DaemonDeathSpecs
{
    [Fact]
    public async Task A_daemon_that_is_killed_in_the_middle_of_a_turn_is_started_again_and_the_host_misses_nothing()
    {
        using var codex = new FakeCodexStage();
        await File.WriteAllLinesAsync(
            Path.Combine(codex.Workspace, ".fake-codex"),
            ["thread", "turn", "say one", $"wait {codex.File("go")}", "say two", "completed 1 1"]
        );
        var profile = new Profile(codex.File("profile"));
        var daemon = new StartedDaemon(profile.Root);
        await using var plugin = new PluginInPlace(
            profile,
            hostReads: true,
            ProgramProcess.PlexumCodex,
            $"codex.binary={FakeCodexStage.Binary}",
            "codex.login-check=off",
            ProgramProcess.WithExec
        );
        try
        {
            var turn = await plugin.Host.StreamAsync(PlexumHost.Turn("x", "alice", codex.Workspace, "get"));
            var events = await plugin.Host.EventsToAsync(turn, "text_delta");
            var first = Assert.NotNull(daemon.Pid);

            await daemon.KillAsync();
            codex.Touch("go");
            events.AddRange(await plugin.Host.EndAsync(turn));

            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
            Assert.Equal(["one", "two"], events.Where(e => (string)e["type"]! == "text_delta").Select(e => (string)e["text"]!));
            Assert.NotEqual(first, Assert.NotNull(daemon.Pid));
        }
        finally
        {
            await daemon.KillAsync();
        }
    }
}
