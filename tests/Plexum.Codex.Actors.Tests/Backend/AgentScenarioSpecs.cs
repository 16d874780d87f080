using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Backend;

/// <summary>What an agent promises whatever runs its turns. Each backend has a class of these specs.</summary>
public abstract class AgentScenarioSpecs : AgentTestKit
{
    private const string SomeThread = "019a0000-0000-7000-8000-00000000abcd";

    // The list of messages is made by the host; this one is none that any code expects.
    private TurnRequest Poison => new(Alice, Stage.Workspace, null, [null!]);

    /// <summary>Whether a turn, and nothing else of the machine, can still do work.</summary>
    protected abstract bool IsRunning(TurnRun turn);

    /// <summary>The starts of turns, oldest first.</summary>
    protected abstract IReadOnlyList<(string Prompt, string? Thread)> Starts { get; }

    /// <summary>Says what turns do from now on, in the words of <see cref="ScriptedBackend"/>.</summary>
    protected abstract void Play(params string[] script);

    /// <summary>Waits until a turn has come to a <c>gate</c> or to <c>hang</c>.</summary>
    protected abstract void AwaitWaiting();

    protected abstract void OpenGate();

    /// <summary>Has the actor fail that runs the turn.</summary>
    protected abstract void CrashRun(TurnRun turn);

    [Fact]
    public void Turns_of_one_agent_run_one_after_the_other_in_the_order_in_which_they_came()
    {
        Play("thread", "say ${prompt}", "completed");

        var turns = Enumerable.Range(1, 6).Select(number => Submit($"turn-{number}")).ToList();

        Assert.All(turns, (turn, index) => Assert.Equal([$"turn-{index + 1}"], turn.Ended(StopReason.EndTurn).Texts));
        Assert.Equal(Enumerable.Range(1, 6).Select(number => $"turn-{number}"), Starts.Select(start => start.Prompt));
    }

    [Fact]
    public void A_turn_is_accepted_then_started_then_ended_and_no_more()
    {
        Play("thread", "gate", "completed");
        var first = Submit("1");
        Assert.Equal(0, first.Accepted().Position);
        AwaitWaiting();
        var second = Submit("2");
        Assert.Equal(1, second.Accepted().Position);
        Assert.Equal((AgentPhase.Running, first.Id), (Snapshot().Phase, Snapshot().RunningTurn!.Value));

        OpenGate();

        foreach (var turn in new[] { first, second })
        {
            Assert.Equal(turn.Id, turn.Submitter.ExpectMsg<TurnNotice.Started>(Limits.Wait).TurnId);
            Assert.Equal(turn.Id, turn.Submitter.ExpectMsg<TurnNotice.Ended>(Limits.Wait).TurnId);
        }

        AwaitPhase(AgentPhase.Idle);
        Assert.False(first.Submitter.HasMessages || second.Submitter.HasMessages);
    }

    [Fact]
    public void A_turn_resumes_the_thread_of_the_one_before_also_after_the_agent_was_put_away()
    {
        Play("thread", "completed");
        var first = Run("1");
        Eventually(() =>
        {
            Clock.Advance(Settings.IdleTimeout);
            Assert.Empty(ActiveAgents());
        });

        var second = Run("2");

        Assert.Equal((false, true), (first.Start.Resumed, second.Start.Resumed));
        Assert.Equal([null, first.End.ThreadId.ToString()], Starts.Select(start => start.Thread));
        Assert.Equal(first.End.ThreadId, second.End.ThreadId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_running_turn_is_cancelled_and_the_next_runs_in_its_thread(bool force)
    {
        Play("thread", "say before", "hang");
        var turn = Submit("long");
        var next = Submit("next");
        AwaitWaiting();

        Play("thread", "completed");
        Assert.Equal(force ? CancelOutcome.Killed : CancelOutcome.Stopping, Cancel(turn, force));

        var story = turn.Ended(StopReason.Cancelled);
        Assert.Equal(["before"], story.Texts);
        Assert.Empty(story.Events.OfType<CanonicalEvent.Error>());
        Assert.False(IsRunning(turn));
        Assert.Equal(story.End.ThreadId, next.Ended(StopReason.EndTurn).End.ThreadId);
    }

    [Fact]
    public void A_queued_turn_is_cancelled_without_being_started()
    {
        Play("thread", "gate", "completed");
        var running = Submit("running");
        var queued = Submit("queued");
        AwaitWaiting();

        Assert.Equal(CancelOutcome.Dequeued, Cancel(queued));

        Assert.Equal(2, queued.Ended(StopReason.Cancelled).Events.Length);
        OpenGate();
        running.Ended(StopReason.EndTurn);
        Assert.Equal(["running"], Starts.Select(start => start.Prompt));
        Assert.Equal(CancelOutcome.NotFound, Cancel(queued));
    }

    [Fact]
    public void A_turn_is_stopped_at_its_deadline()
    {
        Play("thread", "hang");
        var turn = Submit("long");
        AwaitWaiting();

        Clock.Advance(Settings.TurnTimeout);

        var error = turn.Ended(StopReason.Timeout).Error;
        Assert.Equal(("deadline_exceeded", TurnErrorClass.Timeout), (error.Code, error.Class));
    }

    [Fact]
    public void A_failed_turn_ends_with_its_error_and_the_next_runs()
    {
        Play("thread", "failed no luck");

        Assert.Equal("no luck", Run("1", StopReason.Error).Error.Message);

        Play("thread", "completed");
        Run("2");
    }

    [Fact]
    public void A_thread_that_codex_does_not_know_is_replaced_once_with_a_notice()
    {
        File.WriteAllText(SessionPath, SomeThread);
        DeletedRollout.Leave(DirectoryOf(Alice), Stage.CodexHome, SomeThread);
        Play("unknown-thread", "thread", "say new", "completed");

        var story = Run("hi");

        Assert.Equal([SomeThread, null], Starts.Select(start => start.Thread));
        Assert.Equal([NoticeCodes.ThreadLost], story.Notices);
        Assert.Equal(["new"], story.Texts);
        Assert.Equal(story.End.ThreadId.ToString(), File.ReadAllText(SessionPath));
    }

    [Fact]
    public void A_thread_that_another_process_writes_to_is_waited_for()
    {
        File.WriteAllText(SessionPath, SomeThread);
        Play("busy");
        var turn = Submit("hi");
        AwaitPhase(AgentPhase.WaitingForThread);
        Assert.Single(Starts);

        Play("thread", "completed");
        Clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Contains(NoticeCodes.ThreadBusy, turn.Ended(StopReason.EndTurn).Notices);
        Assert.Equal([SomeThread, SomeThread], Starts.Select(start => start.Thread));
    }

    [Fact]
    public void A_thread_that_stays_busy_ends_the_turn_with_an_error()
    {
        Settings = Settings with { ThreadBusyLimit = TimeSpan.FromMilliseconds(250) };
        File.WriteAllText(SessionPath, SomeThread);
        Play("busy");
        var turn = Submit("hi");
        AwaitPhase(AgentPhase.WaitingForThread);

        Clock.Advance(TimeSpan.FromMilliseconds(250));

        var story = turn.Ended(StopReason.Error);
        Assert.Equal(("thread_busy", SomeThread), (story.Error.Code, story.End.ThreadId.ToString()));
    }

    [Fact]
    public void A_turn_that_waits_for_its_thread_is_cancelled_at_once()
    {
        File.WriteAllText(SessionPath, SomeThread);
        Play("busy");
        var turn = Submit("hi");
        AwaitPhase(AgentPhase.WaitingForThread);

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        turn.Ended(StopReason.Cancelled);
        Assert.Single(Starts);
    }

    [Fact]
    public void A_run_whose_actor_fails_is_killed_and_costs_its_turn_only()
    {
        Play("thread", "say before", "hang");
        var turn = Submit("hi");
        AwaitWaiting();
        var next = Submit("next");
        next.Accepted();
        Play("thread", "completed");

        CrashRun(turn);

        var story = turn.Ended(StopReason.Error);
        Assert.Equal(("host_failure", TurnErrorClass.Internal), (story.Error.Code, story.Error.Class));
        Assert.Equal(["before"], story.Texts);
        Assert.False(IsRunning(turn));
        next.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void A_failing_agent_kills_the_turn_ends_all_with_an_error_and_goes_on()
    {
        Play("thread", "hang");
        var running = Submit("running");
        var queued = Submit("queued");
        AwaitWaiting();

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));

        Assert.Equal("host_failure", running.Ended(StopReason.Error).Error.Code);
        Assert.Equal("host_failure", queued.Ended(StopReason.Error).Error.Code);
        Assert.False(IsRunning(running));
        Play("thread", "completed");
        Run("next");
    }

    [Fact]
    public void A_turn_of_a_program_that_died_is_resumed_from_its_last_event()
    {
        Play("thread", "say one", "gate", "say two", "completed");
        var turn = Submit("hi");
        AwaitWaiting();
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.TextDelta { Text: "one" }));
        LeaveAgents();
        var ends = CreateTestProbe();
        HearOfEnds(ends.Ref);

        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 1, 0, 0), Recover(turn));
        OpenGate();

        ends.FishForMessage<TurnNotice.Ended>(ended => ended.TurnId == turn.Id, Limits.Wait);
        var story = TurnStory.Whole(turn);
        Assert.Equal((StopReason.EndTurn, 2), (story.End.StopReason, story.Texts.Count));
        Assert.Single(Starts);
    }

    [Fact]
    public void A_recovered_turn_is_cancelled_and_those_behind_it_run()
    {
        Play("thread", "hang");
        var turn = Submit("hi");
        AwaitWaiting();
        var behind = NewRun("behind");
        LeaveAgents();
        var ends = CreateTestProbe();
        HearOfEnds(ends.Ref);
        Assert.Equal(new AgentProtocol.TurnsRecovered(Alice, 1, 1, 0), Recover(turn, behind));
        Play("thread", "completed");

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        ends.FishForMessage<TurnNotice.Ended>(ended => ended.TurnId == behind.Id, Limits.Wait);
        Assert.Equal(StopReason.Cancelled, TurnStory.Whole(turn).End.StopReason);
        Assert.Equal(StopReason.EndTurn, TurnStory.Whole(behind).End.StopReason);
    }

    [Fact]
    public void A_consume_waits_for_the_turn_before_it()
    {
        Play("thread", "gate", "completed");
        var turn = Submit("hi");
        AwaitWaiting();
        var asker = CreateTestProbe();
        Registry.Tell(new AgentProtocol.Consume(Alice, Stage.Workspace, [new CallToConsume("call", CallToConsume.Light)]), asker.Ref);
        Snapshot();
        Assert.False(asker.HasMessages);

        OpenGate();

        turn.Ended(StopReason.EndTurn);
        Assert.Equal(0, asker.ExpectMsg<AgentProtocol.ConsumeAnswered>(Limits.Wait).Result.Touched);
        Run("the next");
    }
}

/// <summary>With FakeCodex.</summary>
public abstract class ProcessScenarioSpecs : AgentScenarioSpecs
{
    protected override IReadOnlyList<(string Prompt, string? Thread)> Starts =>
        [.. Stage.Calls.Select(call => (call.Prompt, call.Resumed))];

    protected override bool IsRunning(TurnRun turn) => Stage.Calls[^1].IsRunning(Stage.ScriptPath);

    protected override void Play(params string[] script) => Stage.Script([.. script.SelectMany(Lines)]);

    protected override void AwaitWaiting() => AwaitFile("ready");

    protected override void OpenGate() => Stage.Touch("go");

    private IEnumerable<string> Lines(string step) =>
        step switch
        {
            "thread" => ["thread", "turn"],
            "gate" => ["touch " + Stage.File("ready"), "wait " + Stage.File("go")],
            "hang" => ["touch " + Stage.File("ready"), "hang"],
            "completed" => ["completed 1 1"],
            "unknown-thread" => ["[resume]", "unknown-thread", "[fresh]"],
            _ when step.StartsWith("failed ", StringComparison.Ordinal) && Kind == BackendKind.Exec => [step, "exit 1"],
            _ => [step],
        };
}

/// <summary>With a process a turn.</summary>
public sealed class ExecScenarioSpecs : ProcessScenarioSpecs
{
    // Its stderr, which it looks after every second, is no file any more.
    protected override void CrashRun(TurnRun turn)
    {
        File.Delete(turn.Directory.StderrFile);
        Directory.CreateDirectory(turn.Directory.StderrFile);
        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains(turn.Events, value => value is CanonicalEvent.MessageEnd);
        });
    }
}

/// <summary>With one server for all turns.</summary>
public sealed class AppServerScenarioSpecs : ProcessScenarioSpecs
{
    public AppServerScenarioSpecs() => Kind = BackendKind.AppServer;

    // It is told that it has started while it runs already, which cannot be.
    protected override void CrashRun(TurnRun turn)
    {
        var run = Sys.ActorSelection($"/user/*/*/*{turn.Id.Value}*/run-*");
        Eventually(() =>
        {
            run.Tell(new CodexBackendProtocol.Reattach(turn.Id), ActorRefs.NoSender);
            Assert.Contains(turn.Events, value => value is CanonicalEvent.MessageEnd);
        });
    }
}

/// <summary>Without any process.</summary>
public sealed class ScriptedScenarioSpecs : AgentScenarioSpecs
{
    private readonly ScriptedBackend _backend = new();

    protected override ICodexBackend Backend => _backend;

    protected override IReadOnlyList<(string Prompt, string? Thread)> Starts =>
        [.. _backend.Starts.Select(start => (start.Prompt.Text, start.Thread?.ToString()))];

    protected override bool IsRunning(TurnRun turn) => _backend.IsRunning(turn.Id);

    protected override void Play(params string[] script) => _backend.Script = [.. script];

    protected override void AwaitWaiting() => Eventually(() => Assert.True(_backend.Waiting > 0, "No turn waits."));

    protected override void OpenGate() => _backend.Gate.TrySetResult();

    protected override void CrashRun(TurnRun turn) => _backend.Crash(turn.Id);
}
