using System.Globalization;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class WaitingSpecs : AgentTestKit
{
    private const string SomeThread = "019a0000-0000-7000-8000-00000000abcd";

    [Theory]
    [EachBackend]
    public void A_turn_waits_for_a_thread_that_another_process_writes_to_and_then_continues_in_it(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script(
            "[call 1]",
            "busy",
            "[call 2]",
            "busy",
            "[call 3]",
            "busy",
            "[else]",
            "thread",
            "turn",
            "say at last",
            "completed 1 1"
        );
        var turn = Submit("hi");

        foreach (var (call, milliseconds) in new[] { (1, 250), (2, 250), (3, 500) })
        {
            AwaitCall(call);
            AwaitPhase(AgentPhase.WaitingForThread);
            Clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.Equal(AgentPhase.WaitingForThread, Snapshot().Phase);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal(["at last"], story.Texts);
        Assert.Equal([NoticeCodes.ThreadBusy, NoticeCodes.UsageUnknown], story.Notices);
        Assert.Equal(4, Stage.Calls.Count);
        Assert.All(Stage.Calls, call => Assert.Equal(SomeThread, call.Resumed));
        Assert.Equal(SomeThread, story.End.ThreadId.ToString());
    }

    [Fact]
    public void What_a_wrapper_prints_before_codex_refuses_hides_no_busy_thread_and_is_told_once()
    {
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("[call 3]", "thread", "turn", "say at last", "completed 1 1", "[else]", "raw from a wrapper", "busy");
        var turn = Submit("hi");

        for (var call = 1; call <= 2; call++)
        {
            AwaitCall(call);
            AwaitPhase(AgentPhase.WaitingForThread);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal(["at last"], story.Texts);
        Assert.Equal([NoticeCodes.LineUnreadable, NoticeCodes.ThreadBusy, NoticeCodes.UsageUnknown], story.Notices);
        Assert.StartsWith("from a wrapper\nfrom a wrapper\n{", File.ReadAllText(turn.Directory.StdoutFile), StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_stays_in_use_ends_the_turn_with_an_error_that_names_who_has_it(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { ThreadBusyLimit = TimeSpan.FromSeconds(1) };
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("lock", "thread", "turn", "completed 1 1");
        using var held = HoldThread();
        var turn = Submit("hi");

        for (var call = 1; call <= 3; call++)
        {
            AwaitCall(call);
            AwaitPhase(AgentPhase.WaitingForThread);
            Clock.Advance(TimeSpan.FromSeconds(5));
        }

        var story = turn.Ended(StopReason.Error);
        Assert.Equal(4, Stage.Calls.Count);
        Assert.Equal(("thread_busy", TurnErrorClass.Session), (story.Error.Code, story.Error.Class));
        Assert.True(story.Error.Retryable);
        Assert.Contains(Me, story.Error.Message, StringComparison.Ordinal);
        Assert.Contains(SomeThread, story.Error.Message, StringComparison.Ordinal);
        Assert.Contains(Me, story.Notice(NoticeCodes.ThreadBusy).Message, StringComparison.Ordinal);
        Assert.Equal(SomeThread, File.ReadAllText(SessionPath));
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_its_thread_continues_once_it_is_free(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("lock", "thread", "turn", "completed 1 1");
        var held = HoldThread();
        var turn = Submit("hi");
        AwaitCall(1);
        AwaitPhase(AgentPhase.WaitingForThread);

        held.Dispose();
        Clock.Advance(TimeSpan.FromSeconds(1));

        turn.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_its_thread_ends_at_its_deadline(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { TurnTimeout = TimeSpan.FromMilliseconds(100) };
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("busy");
        var turn = Submit("hi");
        AwaitPhase(AgentPhase.WaitingForThread);

        Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(TurnErrorClass.Timeout, turn.Ended(StopReason.Timeout).Error.Class);
        Assert.Single(Stage.Calls);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_its_thread_is_cancelled_at_once(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("[call 1]", "busy", "[else]", "thread", "turn", "completed 1 1");
        var turn = Submit("hi");
        AwaitPhase(AgentPhase.WaitingForThread);

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        Assert.Equal(SomeThread, turn.Ended(StopReason.Cancelled).End.ThreadId.ToString());
        Run("the next");
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Stage.Calls.Count);
    }

    [Theory]
    [EachBackend]
    public void A_turn_waits_for_another_program_that_runs_the_agent_and_then_continues_in_its_thread(BackendKind backend)
    {
        Kind = backend;
        var turn = SubmitToBusyAgent(out var held);

        // What the other program does meanwhile.
        File.WriteAllText(SessionPath, SomeThread);
        Assert.Empty(Stage.Calls);
        held.Dispose();

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.AgentBusy, NoticeCodes.UsageUnknown], story.Notices);
        Assert.Contains(Me, story.Notice(NoticeCodes.AgentBusy).Message, StringComparison.Ordinal);
        Assert.Equal(SomeThread, Assert.Single(Stage.Calls).Resumed);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_another_program_is_cancelled_at_once(BackendKind backend)
    {
        Kind = backend;
        var turn = SubmitToBusyAgent(out var held);

        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        turn.Ended(StopReason.Cancelled);
        Assert.Empty(Stage.Calls);
        held.Dispose();
        Run("the next");
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_another_program_ends_at_its_deadline(BackendKind backend)
    {
        Kind = backend;
        var turn = SubmitToBusyAgent(out var held);
        using (held)
        {
            Clock.Advance(Settings.TurnTimeout);

            var error = turn.Ended(StopReason.Timeout).Error;

            Assert.Equal(("deadline_exceeded", TurnErrorClass.Timeout), (error.Code, error.Class));
            Assert.Empty(Stage.Calls);
        }
    }

    [Theory]
    [EachBackend]
    public void The_lock_of_an_agent_is_free_between_its_turns(BackendKind backend)
    {
        Kind = backend;
        Run("one");

        using var held = FileLock.TryAcquire(DirectoryOf(Alice).LockFile, out _);

        Assert.NotNull(held);
    }

    private static string Me => string.Create(CultureInfo.InvariantCulture, $"process {System.Environment.ProcessId} (");

    private void AwaitCall(int count) => Eventually(() => Assert.Equal(count, Stage.Calls.Count));

    private TurnRun SubmitToBusyAgent(out FileLock held)
    {
        DirectoryOf(Alice).Create();
        held = FileLock.TryAcquire(DirectoryOf(Alice).LockFile, out _)!;
        var turn = Submit("hi");
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.AgentBusy }));
        Assert.Equal(AgentPhase.Preparing, Snapshot().Phase);
        return turn;
    }

    private FileLock HoldThread()
    {
        var locks = Directory.CreateDirectory(Path.Combine(Stage.CodexHome, "thread-writer-locks"));
        return FileLock.TryAcquire(Path.Combine(locks.FullName, $"{SomeThread}.lock"), out _)!;
    }
}
