using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class PassivationSpecs : AgentTestKit
{
    [Theory]
    [EachBackend]
    public void An_idle_agent_is_put_away_and_comes_back_with_its_thread(BackendKind backend)
    {
        Kind = backend;
        var first = Run("first");

        PutAway();
        var second = Run("second");

        Assert.Equal(first.End.ThreadId!.Value.ToString(), Stage.Calls[1].Resumed);
        Assert.Equal(first.End.ThreadId, second.End.ThreadId);
        Assert.True(second.Start.Resumed);
        Assert.Equal([Alice], ActiveAgents().AsEnumerable());
    }

    [Fact]
    public void An_agent_stays_before_its_time_is_over()
    {
        Submit(" ").Rejected();
        var agent = ActorOf(Alice);

        Clock.Advance(Settings.IdleTimeout - TimeSpan.FromSeconds(1));
        Identify(agent);

        Assert.Equal([Alice], ActiveAgents().AsEnumerable());
    }

    [Theory]
    [EachBackend]
    public void An_agent_with_a_turn_is_never_put_away(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { IdleTimeout = TimeSpan.FromSeconds(30) };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var turn = Submit("long");
        AwaitFile("ready");

        for (var i = 0; i < 5; i++)
        {
            Clock.Advance(Settings.IdleTimeout);
            Assert.Equal([Alice], ActiveAgents().AsEnumerable());
            Assert.Equal(AgentPhase.Running, Snapshot().Phase);
        }

        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
        PutAway();
    }

    [Theory]
    [EachBackend]
    public void An_agent_that_got_a_turn_after_it_asked_to_be_put_away_stays(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var turn = Submit("hi");
        AwaitFile("ready");
        var agent = ActorOf(Alice);

        agent.Tell(AgentRegistryProtocol.StopIfIdle.Instance);

        Assert.Equal(agent, ActorOf(Alice));
        Assert.Equal(turn.Id, Snapshot().RunningTurn);
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void Every_message_is_answered_while_the_agent_is_put_away_again_and_again()
    {
        var probe = CreateTestProbe();
        var request = new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User(" ")]);
        for (var i = 0; i < 1000; i++)
        {
            Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.New(TimeProvider.System), request, Submitter.Owner), probe.Ref);
            Clock.Advance(Settings.IdleTimeout);
            Registry.Tell(new AgentProtocol.GetAgent(Alice), probe.Ref);
            Clock.Advance(Settings.IdleTimeout);
        }

        var answers = Enumerable.Range(0, 2000).Select(_ => probe.ExpectMsg<AgentProtocol.IReply>()).ToList();

        Assert.Equal(1000, answers.OfType<AgentProtocol.TurnRejected>().Count());
    }

    [Fact]
    public void A_message_for_an_agent_that_is_being_put_away_goes_to_its_successor()
    {
        var agent = CreateTestProbe();
        var registry = Sys.ActorOf(Props.Create(() => new AgentRegistryActor(_ => Props.Create(() => new Standin(agent.Ref)))));
        var first = AskToPutAway(registry, agent);
        var message = new AgentProtocol.GetAgent(Alice);
        registry.Tell(message, TestActor);
        registry.Tell(AgentRegistryProtocol.GetActiveAgents.Instance, TestActor);
        ExpectMsg<AgentRegistryProtocol.ActiveAgents>();
        Assert.False(agent.HasMessages);

        first.Tell(new Act(context => context.Stop(context.Self)));

        Assert.NotEqual(first, agent.ExpectMsg<Born>().Standin);
        Assert.Same(message, agent.ExpectMsg<AgentProtocol.GetAgent>());
        Assert.Equal(TestActor, agent.LastSender);
        agent.Reply(new Forwarded());
        ExpectMsg<Forwarded>();
    }

    [Fact]
    public void A_message_for_an_agent_that_stays_after_all_reaches_it()
    {
        var agent = CreateTestProbe();
        var registry = Sys.ActorOf(Props.Create(() => new AgentRegistryActor(_ => Props.Create(() => new Standin(agent.Ref)))));
        var first = AskToPutAway(registry, agent);
        registry.Tell(new AgentProtocol.GetAgent(Alice), TestActor);

        first.Tell(new Act(context => context.Parent.Tell(new AgentRegistryProtocol.StayActive(Alice))));
        agent.ExpectMsg<AgentProtocol.GetAgent>();
        registry.Tell(new AgentProtocol.CancelTurn(Alice, TurnId.Parse("t")), TestActor);
        agent.ExpectMsg<AgentProtocol.CancelTurn>();

        registry.Tell(AgentRegistryProtocol.GetActiveAgents.Instance, TestActor);
        Assert.Equal([Alice], ExpectMsg<AgentRegistryProtocol.ActiveAgents>().Agents.AsEnumerable());
    }

    [Fact]
    public void A_registry_that_fails_answers_the_consumes_that_would_be_lost()
    {
        var agent = CreateTestProbe();
        Func<AgentId, Props> agents = id =>
            id == Alice ? Props.Create(() => new Standin(agent.Ref)) : throw new InvalidOperationException("The test has this fail.");
        var registry = Sys.ActorOf(Props.Create(() => new AgentRegistryActor(agents)));
        AskToPutAway(registry, agent);
        registry.Tell(new AgentProtocol.Consume(Alice, Stage.Workspace, []), TestActor);

        registry.Tell(new AgentProtocol.Consume(Bob, Stage.Workspace, []), TestActor);

        var answers = new[] { ExpectMsg<AgentProtocol.ConsumeFailed>(), ExpectMsg<AgentProtocol.ConsumeFailed>() };
        Assert.All(answers, answer => Assert.Equal(ConsumeFailureReason.Internal, answer.Failure.Reason));
        Assert.Equal([Alice, Bob], answers.Select(answer => answer.AgentId).OrderBy(id => id.Value, StringComparer.Ordinal));
        registry.Tell(AgentRegistryProtocol.GetActiveAgents.Instance, TestActor);
        Assert.Empty(ExpectMsg<AgentRegistryProtocol.ActiveAgents>().Agents);
    }

    private void PutAway() =>
        Eventually(() =>
        {
            Clock.Advance(Settings.IdleTimeout);
            Assert.Empty(ActiveAgents());
        });

    private IActorRef AskToPutAway(IActorRef registry, TestProbe agent)
    {
        registry.Tell(new AgentProtocol.GetAgent(Alice), TestActor);
        var actor = agent.ExpectMsg<Born>().Standin;
        agent.ExpectMsg<AgentProtocol.GetAgent>();
        actor.Tell(new Act(context => context.Parent.Tell(new AgentRegistryProtocol.Passivate(Alice))));
        agent.ExpectMsg<AgentRegistryProtocol.StopIfIdle>();
        return actor;
    }

    private sealed record Act(Action<IActorContext> What);

    private sealed record Born(IActorRef Standin);

    private sealed record Forwarded;

    /// <summary>In an agent's place: hands on what it gets, and does what it is told.</summary>
    private sealed class Standin : ReceiveActor
    {
        public Standin(IActorRef probe)
        {
            probe.Tell(new Born(Self));
            Receive<Act>(act => act.What(Context));
            ReceiveAny(probe.Forward);
        }
    }
}
