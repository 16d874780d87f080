using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>Saying something to a running turn, by the answers of its agent.</summary>
public sealed class GatewaySteerSpecs : GatewayTestKit
{
    [Theory]
    [InlineData(SteerOutcome.Accepted)]
    [InlineData(SteerOutcome.NotSupported)]
    [InlineData(SteerOutcome.NotRunning)]
    public async Task It_says_what_the_agent_did(SteerOutcome outcome)
    {
        var turn = await RunningAsync();

        var steering = Gateway.SteerAsync(Alice, turn, "now");

        Assert.Equal(new AgentProtocol.SteerTurn(Alice, turn, "now"), Agents.ExpectMsg<AgentProtocol.SteerTurn>());
        Agents.Reply(new CodexBackendProtocol.SteerAnswered(outcome));
        Assert.Equal(outcome, await steering.WithinLimit());
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_leaves_it_open_whether_the_model_sees_it()
    {
        var hasty = new TurnGateway(Services with { AnswerLimit = TimeSpan.FromMilliseconds(50) });
        var turn = await RunningAsync();

        Assert.Null(await hasty.SteerAsync(Alice, turn, "now").WithinLimit());
    }
}
