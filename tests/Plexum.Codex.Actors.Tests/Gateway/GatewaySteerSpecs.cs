using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>Saying something to a running turn, by the answers of its agent.</summary>
public sealed class GatewaySteerSpecs : GatewayTestKit
{
    [Theory]
    [InlineData(SteerOutcome.Accepted)]
    [InlineData(SteerOutcome.NotSupported)]
    [InlineData(SteerOutcome.NotRunning)]
    [InlineData(SteerOutcome.NotAllowed)]
    [InlineData(SteerOutcome.Refused)]
    [InlineData(SteerOutcome.Unknown)]
    [InlineData(SteerOutcome.NotAtHand)]
    public async Task It_says_what_the_agent_did(SteerOutcome outcome)
    {
        var turn = await RunningAsync();

        var steering = SteerAsync(Gateway, turn);

        var expected = new AgentProtocol.SteerTurn(Alice, turn, "now", "token:ci", Submitter.Guest);
        Assert.Equal(expected, Agents.ExpectMsg<AgentProtocol.SteerTurn>());
        var answer = new CodexBackendProtocol.SteerAnswered(outcome) { Reason = "It says why." };
        Agents.Reply(answer);
        Assert.Equal(answer, await steering.WithinLimit());
    }

    [Fact]
    public async Task A_turn_that_its_agent_no_longer_has_since_it_has_ended_does_not_run()
    {
        var turn = await EndedAsync(Outcome());

        var steering = SteerAsync(Gateway, turn);

        Agents.ExpectMsg<AgentProtocol.SteerTurn>();
        Agents.Reply(new CodexBackendProtocol.SteerAnswered(SteerOutcome.NotAtHand));
        Assert.Equal(SteerOutcome.NotRunning, (await steering.WithinLimit()).Outcome);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_leaves_it_open_whether_the_model_sees_it()
    {
        var hasty = new TurnGateway(Services with { AnswerLimit = TimeSpan.FromMilliseconds(50) });
        var turn = await RunningAsync();

        Assert.Equal(SteerOutcome.Unknown, (await SteerAsync(hasty, turn).WithinLimit()).Outcome);
    }

    private static Task<CodexBackendProtocol.SteerAnswered> SteerAsync(TurnGateway gateway, TurnId turn) =>
        gateway.SteerAsync(Alice, turn, "now", "token:ci", Submitter.Guest);
}
