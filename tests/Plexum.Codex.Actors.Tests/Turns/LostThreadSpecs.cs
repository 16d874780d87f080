using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.TestSupport.Rollouts;
using Plexum.Codex.Threads;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>What becomes of an agent's thread that codex does not continue.</summary>
public sealed class LostThreadSpecs : AgentTestKit
{
    private const string SomeThread = "019a0000-0000-7000-8000-00000000abcd";

    private static readonly string[] Real =
    [
        "require-rollout",
        "thread",
        "turn",
        """rollout {"ordinal":1,"type":"event_msg","payload":{}}""",
        "say ${prompt}",
        "completed 1 1",
    ];

    private string Sessions => Path.Combine(Stage.CodexHome, "sessions");

    [Theory]
    [EachBackend]
    public void Sessions_that_are_away_for_a_turn_cost_that_turn_and_not_the_thread(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        Directory.Move(Sessions, Stage.File("away"));

        var failed = Run("second", StopReason.Error);

        Assert.Equal(
            (ThreadProblem.Unreachable, TurnErrorClass.Session, true),
            (failed.Error.Code, failed.Error.Class, failed.Error.Retryable)
        );
        Assert.Contains(Sessions, failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains("plexum-codex thread --new alice", failed.Error.Message, StringComparison.Ordinal);
        Assert.Empty(failed.Notices);
        Assert.Equal(own, failed.End.ThreadId);
        Assert.Equal(new RecordedThread.Current(own), Threads.Find(Alice));
        Assert.Equal(ThreadProblem.Unreachable, StandingOf(own)?.Problem?.Code);

        Directory.Move(Stage.File("away"), Sessions);
        Assert.Equal(own, Run("third").End.ThreadId);
        Assert.Equal((null, Stage.CodexHome), (StandingOf(own)?.Problem, StandingOf(own)?.Seen?.CodexHome));
    }

    [Theory]
    [EachBackend]
    public void A_thread_that_another_agent_begins_meanwhile_is_no_neighbour(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        Directory.Move(Sessions, Stage.File("away"));
        Submit("mine", Bob).Ended(StopReason.EndTurn);

        Assert.Equal(ThreadProblem.Unreachable, Run("second", StopReason.Error).Error.Code);
        Assert.Equal(new RecordedThread.Current(own), Threads.Find(Alice));
    }

    [Theory]
    [EachBackend]
    public void Rollouts_that_are_moved_away_while_their_directories_stay_cost_no_agent_its_thread(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        var other = Submit("mine", Bob).Ended(StopReason.EndTurn).End.ThreadId;
        foreach (var rollout in Directory.GetFiles(Sessions, "*", SearchOption.AllDirectories))
        {
            File.Move(rollout, Stage.File(Path.GetFileName(rollout)));
        }

        Assert.Equal(ThreadProblem.Unreachable, Run("second", StopReason.Error).Error.Code);
        Submit(new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("anew")]) { NewThread = true }).Ended(StopReason.EndTurn);
        var failed = Submit("again", Bob).Ended(StopReason.Error);

        Assert.Equal((ThreadProblem.Unreachable, other), (failed.Error.Code, failed.End.ThreadId));
        Assert.NotEqual(new RecordedThread.Current(own), Threads.Find(Alice));
    }

    [Theory]
    [EachBackend]
    public void A_rollout_that_is_deleted_from_among_others_gives_way_to_a_new_thread(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        Submit("mine", Bob).Ended(StopReason.EndTurn);
        var own = Run("first").End.ThreadId.ToString()!;
        File.Delete(Assert.Single(Directory.GetFiles(Sessions, $"*{own}*", SearchOption.AllDirectories)));

        var story = Run("second");

        Assert.Equal([NoticeCodes.ThreadLost], story.Notices);
        Assert.NotEqual(own, story.End.ThreadId.ToString());
    }

    [Fact]
    public void What_a_wrapper_prints_before_codex_refuses_hides_no_lost_thread_and_is_told_once()
    {
        Stage.Script(["[resume]", "error from a wrapper", "raw half a line of it", "require-rollout", "[else]", .. Real]);
        Submit("mine", Bob).Ended(StopReason.EndTurn);
        var own = Run("first").End.ThreadId.ToString()!;
        File.Delete(Assert.Single(Directory.GetFiles(Sessions, $"*{own}*", SearchOption.AllDirectories)));

        var story = Run("second");

        Assert.Equal([NoticeCodes.CodexError, NoticeCodes.LineUnreadable, NoticeCodes.ThreadLost], story.Notices);
        Assert.Equal(["second"], story.Texts);
        Assert.NotEqual(own, story.End.ThreadId.ToString());
    }

    [Theory]
    [EachBackend("byte order mark", "byte order mark")]
    [EachBackend("empty", "it is empty")]
    [EachBackend("first line gone", "session_meta")]
    public void A_rollout_that_codex_does_not_load_keeps_its_thread_and_is_named_with_its_fault(
        BackendKind backend,
        string damage,
        string fault
    )
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        var rollout = Assert.Single(Directory.GetFiles(Sessions, "*", SearchOption.AllDirectories));
        var whole = File.ReadAllBytes(rollout);
        byte[] damaged = damage switch
        {
            "empty" => [],
            "first line gone" => whole[(Array.IndexOf(whole, (byte)'\n') + 1)..],
            _ => [0xEF, 0xBB, 0xBF, .. whole],
        };
        Release(own);
        File.WriteAllBytes(rollout, damaged);

        var failed = Run("second", StopReason.Error);

        Assert.Equal((ThreadProblem.Unreadable, false), (failed.Error.Code, failed.Error.Retryable));
        Assert.Contains(rollout, failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains("codex says: failed to read thread", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(own, failed.End.ThreadId);

        File.WriteAllBytes(rollout, whole);
        Assert.Equal(own, Run("third").End.ThreadId);
    }

    [Theory]
    [EachBackend]
    public void An_archived_thread_is_kept_and_the_command_told_that_brings_it_back(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        var rollout = Assert.Single(Directory.GetFiles(Sessions, "*", SearchOption.AllDirectories));
        Release(own);
        var archive = Directory.CreateDirectory(Path.Combine(Stage.CodexHome, "archived_sessions")).FullName;
        File.Move(rollout, Path.Combine(archive, Path.GetFileName(rollout)));

        var failed = Run("second", StopReason.Error);

        Assert.Equal((ThreadProblem.Archived, own), (failed.Error.Code, failed.End.ThreadId));
        Assert.Contains($"codex unarchive {own}", failed.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_new_thread_ends_the_trouble_with_the_one_before(BackendKind backend)
    {
        Kind = backend;
        File.WriteAllText(SessionPath, SomeThread);
        Stage.Script("[resume]", "refuse list_turns is not supported yet (code -32601)", "[else]", "thread", "turn", "completed 1 1");
        var failed = Run("first", StopReason.Error);
        Assert.Equal((ThreadProblem.StateUnusable, SomeThread), (failed.Error.Code, failed.End.ThreadId.ToString()));
        Assert.Equal(failed.Error.Message, StandingOf(ThreadId.Parse(SomeThread))?.Problem?.Message);

        var anew = Submit(new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("anew")]) { NewThread = true })
            .Ended(StopReason.EndTurn)
            .End.ThreadId!.Value;

        Assert.Null(StandingOf(ThreadId.Parse(SomeThread)));
        Assert.Null(StandingOf(anew)?.Problem);
    }

    [Theory]
    [EachBackend]
    public void Another_home_of_codex_s_does_not_have_the_thread_and_does_not_take_it(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(Real);
        var own = Run("first").End.ThreadId!.Value;
        LeaveAgents();
        var other = Stage.File("other-home");
        CodexSessions.PutNeighbour(other, own.ToString());
        Rollouts = Rollouts with { CodexHome = other };
        ExecSettings = ExecSettings with
        {
            CodexHome = other,
            Environment = ExecSettings.Environment with { Added = ExecSettings.Environment.Added.SetItem("CODEX_HOME", other) },
        };

        var failed = Run("second", StopReason.Error);

        Assert.Equal((ThreadProblem.Unreachable, own), (failed.Error.Code, failed.End.ThreadId));
        Assert.Contains($"Set CODEX_HOME to {Stage.CodexHome} again", failed.Error.Message, StringComparison.Ordinal);
    }

    private ThreadStanding? StandingOf(ThreadId thread) => new ThreadStandingFile(DirectoryOf(Alice).ThreadStandingFile).Load(thread);
}
