using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class TurnOrderSpecs : AgentTestKit
{
    [Fact]
    public void Turns_of_one_agent_run_one_after_the_other_in_the_order_in_which_they_came()
    {
        var diary = Stage.File("diary");
        Stage.Script(
            $"write {diary} begin ${{prompt}}",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1",
            $"write {diary} end ${{prompt}}"
        );
        var prompts = Enumerable.Range(1, 6).Select(number => $"turn-{number}").ToList();

        var turns = prompts.ConvertAll(prompt => Submit(prompt));

        foreach (var (turn, prompt) in turns.Zip(prompts))
        {
            Assert.Equal([prompt], turn.Ended(StopReason.EndTurn).Texts);
        }

        Assert.Equal(prompts.SelectMany(prompt => new[] { $"begin {prompt}", $"end {prompt}" }), File.ReadAllLines(diary));
        Assert.Equal(prompts, Stage.Calls.Select(call => call.Prompt));
    }

    [Theory]
    [EachBackend]
    public void A_turn_is_reported_as_accepted_with_its_place_then_started_then_ended_and_no_more(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var first = Submit("1");
        Assert.Equal(0, first.Accepted().Position);
        AwaitFile("ready");
        var second = Submit("2");
        var third = Submit("3");
        Assert.Equal(1, second.Accepted().Position);
        Assert.Equal(2, third.Accepted().Position);

        var snapshot = Snapshot();
        Assert.Equal((AgentPhase.Running, first.Id), (snapshot.Phase, snapshot.RunningTurn!.Value));
        Assert.Equal([second.Id, third.Id], snapshot.QueuedTurns.AsEnumerable());
        Stage.Touch("go");

        foreach (var turn in new[] { first, second, third })
        {
            Assert.Equal(turn.Id, turn.Submitter.ExpectMsg<TurnNotice.Started>().TurnId);
            Assert.Equal(turn.Id, turn.Submitter.ExpectMsg<TurnNotice.Ended>().TurnId);
        }

        AwaitPhase(AgentPhase.Idle);
        Assert.False(first.Submitter.HasMessages || second.Submitter.HasMessages || third.Submitter.HasMessages);
    }

    [Theory]
    [EachBackend]
    public void Starts_and_ends_are_reported_to_whoever_watches_too(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var stream = CreateTestProbe();
        HearOfTurns(stream.Ref);
        var running = Submit("running");
        AwaitFile("ready");
        var waiting = Submit("waiting");

        Cancel(waiting);
        Stage.Touch("go");

        Assert.Equal(running.Id, stream.ExpectMsg<TurnNotice.Started>().TurnId);
        Assert.Equal((waiting.Id, StopReason.Cancelled), Fact(stream.ExpectMsg<TurnNotice.Ended>()));
        Assert.Equal((running.Id, StopReason.EndTurn), Fact(stream.ExpectMsg<TurnNotice.Ended>()));

        static (TurnId, StopReason) Fact(TurnNotice.Ended ended) => (ended.TurnId, ended.StopReason);
    }

    [Theory]
    [EachBackend]
    public void A_turn_beyond_the_limit_of_the_queue_is_refused_and_the_others_run(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { QueueLimit = 2 };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit("running");
        AwaitFile("ready");
        var waiting = new[] { Submit("a"), Submit("b") };

        var refusal = Submit("c").Rejected();
        Stage.Touch("go");

        Assert.Equal(TurnRefusalReason.QueueFull, refusal.Reason);
        Assert.Equal(
            "codex: agent alice has 2 turns waiting, which is the most it may have; wait for one to end, or raise turns.queue-limit",
            refusal.Message
        );
        running.Ended(StopReason.EndTurn);
        Assert.All(waiting, turn => turn.Ended(StopReason.EndTurn));
        Assert.Equal(3, Stage.Calls.Count);
    }

    [Theory]
    [EachBackend]
    public void Two_agents_run_side_by_side(BackendKind backend)
    {
        Kind = backend;
        // Each waits for a sign of the other: one after the other they would never end.
        Stage.Script(
            "thread",
            "turn",
            "[prompt of alice]",
            "touch " + Stage.File("alice"),
            "wait " + Stage.File("bob-is-there"),
            "completed 1 1",
            "[prompt of bob]",
            "touch " + Stage.File("bob-is-there"),
            "wait " + Stage.File("alice"),
            "completed 1 1"
        );

        var alice = Submit("of alice");
        var bob = Submit("of bob", Bob);

        var threads = new[] { alice.Ended(StopReason.EndTurn), bob.Ended(StopReason.EndTurn) }.Select(story => story.End.ThreadId);
        Assert.Equal(2, threads.Distinct().Count());
        Assert.Equal([Alice, Bob], ActiveAgents().AsEnumerable());
    }

    [Fact]
    public void A_failing_turn_does_not_hold_up_the_next_one()
    {
        Stage.Script("[prompt bad]", "exit 3", "[else]", "thread", "turn", "completed 1 1");

        var bad = Submit("bad");
        var good = Submit("good");

        bad.Ended(StopReason.Error);
        good.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_turn_id_that_was_used_before_ends_with_an_error_that_names_it(BackendKind backend)
    {
        Kind = backend;
        var first = Submit("1");
        first.Ended(StopReason.EndTurn);

        Registry.Tell(
            new AgentProtocol.SubmitTurn(first.Id, new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("2")]), Submitter.Owner),
            first.Submitter.Ref
        );

        var ended = first.AwaitEnded();
        Assert.Equal(StopReason.Error, ended.StopReason);
        Assert.Contains(first.Id.Value, ended.Unrecorded!.Message, StringComparison.Ordinal);
        Assert.Single(Stage.Calls);
        TurnStory.Whole(first);
    }
}
