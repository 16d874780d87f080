using Plexum.Codex.Chaos;
using Plexum.Codex.Chaos.Rounds;
using Plexum.Codex.Options;

namespace Plexum.Codex.Host.Daemon;

public sealed class ChaosSpecs : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("plexum-chaos-");

    [Theory]
    [InlineData(1, BackendKind.Exec)]
    [InlineData(2, BackendKind.AppServer)]
    public async Task R6_However_often_the_daemon_is_killed_each_turn_runs_once_ends_once_and_is_read_without_a_gap(
        int seed,
        BackendKind backend
    )
    {
        var profile = _place.CreateSubdirectory("profile").FullName;
        var codex = new ScriptedCodex(_place.FullName, pause: 40);
        var options = new ChaosOptions(Agents: 10, Turns: 60, Kills: 5, seed)
        {
            Readers = 2,
            Settings = ["turns.max-running=6", $"codex.backend={backend.ToWireName()}"],
        };

        var report = await ChaosRun.RunAsync(options, codex, profile);

        Assert.Empty(report.Faults);
        Assert.Equal((60, 5), (report.Turns, report.Kills));
        Assert.True(report.Connections > 120, "Nobody came back.");
    }

    [Fact]
    public async Task R8_When_codex_s_app_server_is_killed_its_turns_end_once_and_each_agent_goes_on_in_its_thread()
    {
        await using var codex = new FakeRoundsCodex(_place.FullName);
        var options = new RoundsOptions(BackendKind.AppServer, Rounds: 4, Seed: 16);

        var report = await RoundsRun.RunAsync(options, codex, _place.FullName, _ => { });

        Assert.Empty(report.Faults);
        Assert.True(report.Lost > 0, "No turn was lost.");
    }

    public void Dispose() => _place.Delete(recursive: true);
}
