using Plexum.Codex.Chaos;

namespace Plexum.Codex.EndToEnd;

public sealed class ChaosSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Fact]
    public async Task Turns_of_the_real_codex_survive_a_daemon_that_is_killed_again_and_again()
    {
        await using var rig = new CodexRig(model.Server);
        Directory.CreateDirectory(rig.Profile);

        var report = await ChaosRun.RunAsync(
            new ChaosOptions(Agents: 5, Turns: 20, Kills: 5, Seed: 20),
            new RealChaosCodex(model.Server, rig),
            rig.Profile
        );

        Assert.Empty(report.Faults);
        Assert.Equal((20, 5), (report.Turns, report.Kills));
    }
}
