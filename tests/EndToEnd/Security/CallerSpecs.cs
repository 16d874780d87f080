using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>A model's command uses the socket of the daemon that runs its turn.</summary>
public sealed class CallerSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend("none")]
    [EachBackend("workspace-write")]
    public async Task S6_A_models_command_cannot_use_the_daemons_socket(BackendKind backend, string sandbox)
    {
        await using var rig = new CodexRig(model.Server, backend);
        await using var daemon = new DaemonProcess(rig.Profile, () => rig.ProgramVariables);
        await daemon.StartAsync($"codex.sandbox={sandbox}");
        var curl = $"curl -s --unix-socket {daemon.Api.SocketPath} http://localhost/v1/agents";
        var program = $"PLEXUM_PROFILE_ROOT={rig.Profile} {ProgramProcess.PlexumCodex} say --agent victim hi";

        var turn = await daemon.Api.SubmitAsync($"!run {curl}; {program}; echo said=$?\n!outputs");

        var said = string.Concat((await daemon.Api.EventsAsync(turn)).Texts());
        Assert.Contains("said=", said, StringComparison.Ordinal);
        Assert.DoesNotContain("said=0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("\"agents\":", said, StringComparison.Ordinal);
        Assert.Equal(404, (await daemon.Api.GetAsync("/v1/agents/victim")).Status);
        if (sandbox == "none")
        {
            Assert.Contains("\"caller_refused\"", said, StringComparison.Ordinal);
            Assert.Contains("said=2", said, StringComparison.Ordinal);
        }
    }
}
