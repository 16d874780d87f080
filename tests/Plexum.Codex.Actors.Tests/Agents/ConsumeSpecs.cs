using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Admission;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class ConsumeSpecs : AgentTestKit
{
    private static readonly ThreadId SomeThread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");
    private static readonly ImmutableArray<CallToConsume> Heavy = [new("call_1", CallToConsume.Heavy)];
    private TurnRequest Poison => new(Alice, Stage.Workspace, null, [null!]);

    private string RolloutPath =>
        Path.Combine(Stage.CodexHome, "sessions", "2026", "11", "20", $"rollout-2026-11-20T22-06-00-{SomeThread}.jsonl");

    private bool IsConsumed => File.ReadAllText(RolloutPath).Contains("...(tool called)", StringComparison.Ordinal);

    [Theory]
    [EachBackend]
    public void A_consume_waits_for_the_turn_at_hand_and_goes_before_the_next(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        Stage.Script(
            "[call 1]",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "thread",
            "turn",
            "completed 1 1",
            "[call 2]",
            "touch " + Stage.File("ready2"),
            "wait " + Stage.File("go2"),
            "thread",
            "turn",
            "completed 2 2"
        );
        var first = Submit("first");
        AwaitFile("ready");
        var consume = Consume(Heavy);
        var second = Submit("second");
        Assert.Equal(1, second.Accepted().Position);
        Assert.Equal((AgentPhase.Running, first.Id), (Snapshot().Phase, Snapshot().RunningTurn));
        Assert.Equal([second.Id], Snapshot().QueuedTurns.AsEnumerable());
        Assert.False(IsConsumed);

        Stage.Touch("go");

        AwaitFile("ready2");
        Assert.True(IsConsumed);
        var last = Consume(Heavy);
        Assert.Equal(1, Result(consume).Touched);
        last.ExpectNoMsg(TimeSpan.Zero);
        Stage.Touch("go2");
        first.Ended(StopReason.EndTurn);
        second.Ended(StopReason.EndTurn);
        Assert.Equal((1, 1), (Result(last).Touched, Result(Consume(Heavy)).Requested));
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_another_process_writes_to_is_waited_for(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        Rollouts = Rollouts with { LockLimit = Limits.Wait };
        Settings = Settings with { IdleTimeout = TimeSpan.FromSeconds(30) };
        var held = ThreadWriterLock.TryAcquire(Stage.CodexHome, SomeThread)!;
        var consume = Consume(Heavy);
        AwaitPhase(AgentPhase.Rewriting);
        var turn = Submit("behind it");
        turn.Accepted();
        Clock.Advance(Settings.IdleTimeout);
        Assert.Equal((AgentPhase.Rewriting, null), (Snapshot().Phase, Snapshot().RunningTurn));
        Assert.False(IsConsumed);

        held.Dispose();

        Assert.Equal(1, Result(consume).Touched);
        turn.Ended(StopReason.EndTurn);
        Assert.Equal(backend == BackendKind.AppServer, File.Exists(ThreadWriterLock.PathOf(Stage.CodexHome, SomeThread)));
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_stays_in_use_fails_the_consume_and_is_named_with_its_writer(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        Rollouts = Rollouts with { LockLimit = TimeSpan.FromMilliseconds(50) };
        using var held = ThreadWriterLock.TryAcquire(Stage.CodexHome, SomeThread);

        var failure = Failure(Consume(Heavy));

        Assert.Equal((ConsumeFailureReason.ThreadBusy, "thread_busy"), (failure.Reason, failure.Code));
        Assert.Contains(Me, failure.Message, StringComparison.Ordinal);
        Assert.Contains(SomeThread.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.False(IsConsumed);
        AwaitPhase(AgentPhase.Idle);
    }

    [Fact]
    public void An_agent_that_another_program_uses_fails_the_consume_and_is_named_with_its_user()
    {
        WriteThread();
        Rollouts = Rollouts with { LockLimit = TimeSpan.FromMilliseconds(50) };
        DirectoryOf(Alice).Create();
        using var held = FileLock.TryAcquire(DirectoryOf(Alice).LockFile, out _);

        var failure = Failure(Consume(Heavy));

        Assert.Equal(ConsumeFailureReason.AgentBusy, failure.Reason);
        Assert.Contains(Me, failure.Message, StringComparison.Ordinal);
        Assert.False(IsConsumed);
    }

    [Fact]
    public void Without_a_thread_or_a_rollout_nothing_is_touched_and_nothing_fails()
    {
        Assert.Equal((0, 1), Counts(Consume(Heavy)));
        Assert.False(Directory.Exists(DirectoryOf(Alice).Root));

        File.WriteAllText(SessionPath, SomeThread.ToString());
        Assert.Equal((0, 1), Counts(Consume(Heavy)));

        File.WriteAllText(SessionPath, "no thread");
        Assert.Contains("it contains no thread id", Assert.Single(Result(Consume(Heavy)).Warnings), StringComparison.Ordinal);
        Assert.Equal("no thread", File.ReadAllText(SessionPath));
    }

    [Fact]
    public void The_calls_of_another_agent_s_thread_stay_whatever_the_session_file_says()
    {
        WriteThread();
        Threads.Claim(Bob, SomeThread);

        var nothing = Result(Consume(Heavy));
        Threads.Claim(Alice, ThreadId.Parse("019a0000-0000-7000-8000-00000000abce"));
        var own = Result(Consume(Heavy));

        Assert.Equal((0, 0), (nothing.Touched, own.Touched));
        Assert.All([nothing, own], result =>
            Assert.Contains("belongs to agent bob", Assert.Single(result.Warnings), StringComparison.Ordinal)
        );
        Assert.False(IsConsumed);
    }

    [Fact]
    public void A_consume_finds_the_agent_s_thread_without_a_session_file()
    {
        WriteThread();
        Threads.Claim(Alice, SomeThread);
        File.Delete(SessionPath);

        var result = Result(Consume(Heavy));

        Assert.Equal((1, 0), (result.Touched, result.Warnings.Length));
        Assert.True(IsConsumed);
    }

    [Fact]
    public void An_empty_list_is_answered_at_once()
    {
        Stage.Script("touch " + Stage.File("ready"), "hang");
        Submit("hangs");
        AwaitFile("ready");

        Assert.Equal((0, 0), Counts(Consume([])));
    }

    [Fact]
    public void A_workspace_that_is_no_absolute_path_is_refused()
    {
        Assert.Equal(ConsumeFailureReason.BadWorkspace, Failure(Consume(Heavy, "relative")).Reason);
        Assert.Equal(ConsumeFailureReason.BadWorkspace, Failure(Consume(Heavy, "")).Reason);
    }

    [Fact]
    public void A_full_queue_refuses_a_consume()
    {
        Settings = Settings with { QueueLimit = 1 };
        Stage.Script("touch " + Stage.File("ready"), "hang");
        Submit("hangs");
        AwaitFile("ready");
        Submit("waits").Accepted();

        Assert.Equal(ConsumeFailureReason.QueueFull, Failure(Consume(Heavy)).Reason);
    }

    [Theory]
    [EachBackend]
    public void A_compressed_rollout_is_unpacked_and_rewritten(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        var packed = Zstd.PackFile(RolloutPath);

        Assert.Equal(1, Result(Consume(Heavy)).Touched);

        Assert.True(IsConsumed);
        Assert.False(File.Exists(packed));
    }

    [Fact]
    public void A_rollout_that_is_compressed_while_its_thread_is_waited_for_is_found_again()
    {
        WriteThread();
        Rollouts = Rollouts with { LockLimit = Limits.Wait };
        var held = ThreadWriterLock.TryAcquire(Stage.CodexHome, SomeThread)!;
        var consume = Consume(Heavy);
        AwaitPhase(AgentPhase.Rewriting);

        Zstd.PackFile(RolloutPath);
        held.Dispose();

        Assert.Equal(1, Result(consume).Touched);
        Assert.True(IsConsumed);
    }

    [Fact]
    public void A_rollout_that_cannot_be_read_is_named()
    {
        WriteThread();
        File.Move(RolloutPath, RolloutPath + ".zst");

        var failure = Failure(Consume(Heavy));

        Assert.Equal(ConsumeFailureReason.Rollout, failure.Reason);
        Assert.Contains(RolloutPath + ".zst", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_failing_agent_answers_its_consumes_and_leaves_no_lock(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        Rollouts = Rollouts with { LockLimit = Limits.Wait };
        var held = ThreadWriterLock.TryAcquire(Stage.CodexHome, SomeThread)!;
        var current = Consume(Heavy);
        var waiting = Consume(Heavy);
        AwaitPhase(AgentPhase.Rewriting);

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));

        Assert.Equal(ConsumeFailureReason.Internal, Failure(current).Reason);
        Assert.Equal(ConsumeFailureReason.Internal, Failure(waiting).Reason);
        held.Dispose();
        Assert.Equal(1, Result(Consume(Heavy)).Touched);
        Run("next");
    }

    [Fact]
    public void An_agent_that_is_stopped_answers_its_consumes()
    {
        WriteThread();
        Rollouts = Rollouts with { LockLimit = Limits.Wait };
        using var held = ThreadWriterLock.TryAcquire(Stage.CodexHome, SomeThread)!;
        var current = Consume(Heavy);
        var waiting = Consume(Heavy);
        AwaitPhase(AgentPhase.Rewriting);

        LeaveAgents();

        Assert.Equal(ConsumeFailureReason.Internal, Failure(current).Reason);
        Assert.Equal(ConsumeFailureReason.Internal, Failure(waiting).Reason);
    }

    [Fact]
    public void A_rollout_actor_that_is_lost_does_not_leave_the_consume_without_an_answer()
    {
        WriteThread();

        // No list that a host makes has such an element.
        var lost = Consume([null!]);

        Assert.Equal(ConsumeFailureReason.Internal, Failure(lost).Reason);
        Assert.Equal(1, Result(Consume(Heavy)).Touched);
    }

    [Theory]
    [EachBackend]
    public void A_consume_needs_no_slot_and_runs_when_the_turn_before_it_is_taken_back(BackendKind backend)
    {
        Kind = backend;
        WriteThread();
        Admission = Sys.ActorOf(AdmissionActor.Props(1));
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var other = Submit("takes the slot", Bob);
        AwaitFile("ready");
        var turn = Submit("waits for a slot");
        turn.Accepted();
        var consume = Consume(Heavy);
        AwaitPhase(AgentPhase.WaitingForSlot);

        Cancel(turn);

        Assert.Equal(1, Result(consume).Touched);
        Stage.Touch("go");
        other.Ended(StopReason.EndTurn);
        Run("the next");
    }

    private static string Me => string.Create(CultureInfo.InvariantCulture, $"process {System.Environment.ProcessId} (");

    private void WriteThread()
    {
        File.WriteAllText(SessionPath, SomeThread.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(RolloutPath)!);
        File.WriteAllText(
            RolloutPath,
            $"{RolloutText.Call("call_1", "some arguments")}\n{RolloutText.Output("call_1", "an output of some length")}\n"
        );
    }

    private TestProbe Consume(ImmutableArray<CallToConsume> mutations, string? workspace = null)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.Consume(Alice, workspace ?? Stage.Workspace, mutations), probe.Ref);
        return probe;
    }

    private static ConsumeResult Result(TestProbe consume) => consume.ExpectMsg<AgentProtocol.ConsumeAnswered>().Result;

    private static (int Touched, int Requested) Counts(TestProbe consume) =>
        Result(consume) is var result ? (result.Touched, result.Requested) : default;

    private static ConsumeFailure Failure(TestProbe consume) => consume.ExpectMsg<AgentProtocol.ConsumeFailed>().Failure;
}
