using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class CancelSpecs : AgentTestKit
{
    [Theory]
    [EachBackend]
    public void A_turn_that_waits_in_the_queue_is_taken_out(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit("running");
        var cancelled = Submit("cancelled");
        var last = Submit("last");
        AwaitFile("ready");

        Assert.Equal(CancelOutcome.Dequeued, Cancel(cancelled));

        var story = cancelled.Ended(StopReason.Cancelled);
        Assert.Equal(2, story.Events.Length);
        Assert.Equal([last.Id], Snapshot().QueuedTurns.AsEnumerable());
        Stage.Touch("go");
        running.Ended(StopReason.EndTurn);
        last.Ended(StopReason.EndTurn);
        Assert.Equal(["running", "last"], Stage.Calls.Select(call => call.Prompt));
    }

    [Theory]
    [EachBackend]
    public void A_running_turn_is_interrupted_and_its_thread_is_resumed(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("thread", "turn", "[fresh]", "begin sleep 1000", "touch " + Stage.File("ready"), "hang", "[else]", "completed 1 1");
        var turn = Submit("long");
        AwaitFile("ready");

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        var story = turn.Ended(StopReason.Cancelled);
        Assert.Empty(story.Events.OfType<CanonicalEvent.Error>());
        Assert.Equal(backend == BackendKind.Exec ? [ProcessSignal.Interrupt] : [], Signals);
        Run("the next");
        Assert.Equal(story.End.ThreadId.ToString(), Stage.Calls[1].Resumed);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_is_not_there_is_not_found(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var turn = Submit("running");
        AwaitFile("ready");
        Assert.Equal(CancelOutcome.NotFound, Cancel(Alice, TurnId.Parse("unknown")));
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);

        Eventually(() => Assert.Equal(CancelOutcome.NotFound, Cancel(turn)));
        Assert.Equal(CancelOutcome.NotFound, Cancel(Bob, turn.Id));
    }

    [Fact]
    public void A_turn_whose_end_is_being_written_ends_as_it_was()
    {
        var time = ManualTime.Running();
        Time = time;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var turn = Submit("hi");
        AwaitFile("ready");
        time.Hold();
        Stage.Touch("go");
        AwaitPhase(AgentPhase.Settling);

        Assert.Equal(CancelOutcome.Ending, Cancel(turn));
        Assert.Equal(CancelOutcome.Ending, Cancel(turn, force: true));
        Clock.Advance(Settings.TurnTimeout);
        time.Release();

        turn.Ended(StopReason.EndTurn);
        Assert.Empty(Signals);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_is_cancelled_right_after_it_was_submitted_ends_as_cancelled(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("hang");
        for (var i = 0; i < 5; i++)
        {
            var turn = Submit("hi");

            Assert.Contains(Cancel(turn), new[] { CancelOutcome.Stopping, CancelOutcome.Dequeued });

            turn.Ended(StopReason.Cancelled);
        }
    }
}
