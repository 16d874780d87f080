using Plexum.Codex.Chaos;
using Plexum.Codex.Chaos.Rounds;
using Plexum.Codex.Options;

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

    [Fact]
    public async Task Turns_of_the_real_codex_end_once_when_its_server_and_the_daemon_are_killed_in_the_middle_of_them()
    {
        using var place = new TemporaryDirectory();
        await using var codex = await RealRoundsCodex.StartAsync(place.Root, CodexRig.Codex);

        var report = await RoundsRun.RunAsync(new RoundsOptions(BackendKind.AppServer, Rounds: 3, Seed: 16), codex, place.Root, _ => { });

        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults));
        Assert.True(report.Lost > 0, "No turn was lost.");
    }
}
