using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Host.Guarantees;

public sealed class HostToolGuaranteeSpecs(HostToolGuaranteeSpecs.Daemon daemon) : IClassFixture<HostToolGuaranteeSpecs.Daemon>
{
    [Fact]
    public async Task H4_A_call_that_its_host_reads_and_does_not_answer_is_answered_for_it_when_its_time_is_over()
    {
        var agent = daemon.Agent("h4", "thread", "turn", "relay relay", "touch ready", "wait go", "say done", "completed 1 1");
        var turn = await agent.BeginAsync("x", DaemonApi.WithTool);
        await agent.AppearsAsync("ready");
        await using var codex = await CodexInPlace.ConnectAsync(agent.File("relay"), turn);
        using var reader = await daemon.Stage.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");

        var result = await codex.CallAsync("call_1");

        Assert.True(result.IsError);
        Assert.Contains(
            "gave no answer within",
            Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text,
            StringComparison.Ordinal
        );
        (await daemon.Stage.Api.AnswerAsync(turn, "call_1", """{"content":"too late"}""")).Problem(404, "unknown_tool_call");
        agent.Touch("go");
        Assert.Equal("end_turn", (await agent.Api.EventsAsync(turn)).StopReason());
    }

    public sealed class Daemon : GuaranteeDaemon
    {
        private protected override void Configure() =>
            Stage.Settings = Stage.Settings with
            {
                Agents = Stage.Settings.Agents with { Tools = new ToolSettings { CallTimeout = TimeSpan.FromMilliseconds(100) } },
            };
    }
}
