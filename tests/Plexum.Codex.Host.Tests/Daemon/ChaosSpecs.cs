using Plexum.Codex.Chaos;

namespace Plexum.Codex.Host.Daemon;

public sealed class ChaosSpecs : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("plexum-chaos-");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task R6_However_often_the_daemon_is_killed_each_turn_runs_once_ends_once_and_is_read_without_a_gap(int seed)
    {
        var profile = _place.CreateSubdirectory("profile").FullName;
        var codex = new ScriptedCodex(_place.FullName, pause: 40);
        var options = new ChaosOptions(Agents: 10, Turns: 60, Kills: 5, seed) { Readers = 2, Settings = ["turns.max-running=6"] };

        var report = await ChaosRun.RunAsync(options, codex, profile);

        Assert.Empty(report.Faults);
        Assert.Equal((60, 5), (report.Turns, report.Kills));
        Assert.True(report.Connections > 120, "Nobody came back.");
    }

    public void Dispose() => _place.Delete(recursive: true);
}
