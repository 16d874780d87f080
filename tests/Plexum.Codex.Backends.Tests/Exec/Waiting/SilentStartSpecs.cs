using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Waiting;

public sealed class SilentStartSpecs : AgentTestKit
{
    private const string Lock =
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('PRAGMA journal_mode='+sys.argv[2]); "
        + "c.execute('CREATE TABLE t(a)'); c.execute('BEGIN EXCLUSIVE'); print('locked',flush=True); sys.stdin.read()";

    public SilentStartSpecs() => ExecSettings = ExecSettings with { WaitingNotice = TimeSpan.FromSeconds(5) };

    private string[] Ready => ["touch " + Stage.File("ready"), "wait " + Stage.File("go")];

    [Theory]
    [EachBackend]
    public void A_codex_that_has_printed_nothing_after_5_seconds_is_told_of_once(BackendKind backend)
    {
        Kind = backend;
        Stage.Script([.. Ready, "thread", "turn", "say at last", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");

        Clock.Advance(TimeSpan.FromMilliseconds(4999));
        AwaitPhase(AgentPhase.Running);
        Assert.DoesNotContain(turn.Events, IsTold);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Stage.Touch("go");

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.Waiting], story.Notices);
        Assert.Contains("has not begun the turn", story.Notice(NoticeCodes.Waiting).Message, StringComparison.Ordinal);
        Assert.Equal(["at last"], story.Texts);
    }

    [Theory]
    [EachBackend]
    public void How_long_it_may_be_silent_is_a_setting_that_the_notice_names(BackendKind backend)
    {
        Kind = backend;
        ExecSettings = ExecSettings with { WaitingNotice = TimeSpan.FromMilliseconds(500) };
        Stage.Script([.. Ready, "thread", "turn", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");

        Clock.Advance(TimeSpan.FromMilliseconds(500));

        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Stage.Touch("go");
        var message = turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.Waiting).Message;
        Assert.Contains("after 0.5 s", message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_program_that_is_set_to_tell_no_waits_tells_none(BackendKind backend)
    {
        Kind = backend;
        ExecSettings = ExecSettings with { WaitingNotice = null };
        Stage.Script([.. Ready, "thread", "turn", "say fine", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");

        Clock.Advance(TimeSpan.FromMinutes(1));
        AwaitPhase(AgentPhase.Running);
        Stage.Touch("go");

        Assert.Empty(turn.Ended(StopReason.EndTurn).Notices);
    }

    [Fact]
    public void A_codex_that_has_named_its_thread_and_warned_has_not_begun_the_turn()
    {
        Stage.Script(["thread", "warn careful", .. Ready, "turn", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.CodexWarning }));

        Clock.Advance(TimeSpan.FromSeconds(5));

        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_silence_of_the_model_is_not_told(BackendKind backend)
    {
        Kind = backend;
        Stage.Script(["thread", "turn", "say one", .. Ready, "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.TextDelta));

        Clock.Advance(TimeSpan.FromMinutes(1));
        Stage.Touch("go");

        Assert.Empty(turn.Ended(StopReason.EndTurn).Notices);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_ends_in_time_says_nothing_later(BackendKind backend)
    {
        Kind = backend;
        var turn = Submit("hi");
        turn.Ended(StopReason.EndTurn);

        Clock.Advance(TimeSpan.FromMinutes(1));
        AwaitPhase(AgentPhase.Idle);

        Assert.Empty(TurnStory.Whole(turn).Notices);
    }

    [Theory]
    [InlineData("WAL", BackendKind.Exec)]
    [InlineData("DELETE", BackendKind.Exec)]
    [InlineData("WAL", BackendKind.AppServer)]
    public async Task A_database_in_codex_s_home_that_another_process_locks_is_named_with_that_process(string journal, BackendKind backend)
    {
        Kind = backend;
        using var other = ProgramProcess.Start("python3", ["-c", Lock, Path.Combine(Stage.CodexHome, "state_5.sqlite"), journal], []);
        await other.PrintsAsync("locked");
        Stage.Script([.. Ready, "thread", "turn", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");

        Clock.Advance(TimeSpan.FromSeconds(5));

        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Stage.Touch("go");
        var message = turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.Waiting).Message;
        var expected = FormattableString.Invariant($"state_5.sqlite in codex's home is locked by process {other.Id} (");
        Assert.Contains(expected, message, StringComparison.Ordinal);
        await other.EndsAsync();
    }

    [Fact]
    public void A_process_that_codex_waits_for_is_named()
    {
        Stage.Script(["child " + Stage.File("child"), .. Ready, "thread", "turn", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");
        var child = ProcessProbe.PidIn(Stage.File("child"));

        Clock.Advance(TimeSpan.FromSeconds(5));

        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Stage.Touch("go");
        var message = turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.Waiting).Message;
        Assert.Contains(FormattableString.Invariant($"It has started {child} ("), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codex_that_cannot_even_tell_its_version_is_named_as_what_is_waited_for()
    {
        var wait = $"while [ ! -e {Stage.File("go")} ]; do sleep 0.05; done";
        File.WriteAllText(Stage.File("slow"), $"#!/bin/sh\ntouch {Stage.File("asked")}\n{wait}\nexec {FakeCodexStage.Binary} \"$@\"\n");
        File.SetUnixFileMode(Stage.File("slow"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Binaries = new CodexBinarySource(Stage.File("slow"), null);
        var turn = Submit("hi");
        AwaitFile("asked");

        Clock.Advance(TimeSpan.FromSeconds(5));

        Eventually(() => Assert.Contains(turn.Events, IsTold));
        Stage.Touch("go");
        var message = turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.Waiting).Message;
        Assert.Contains("codex to be found", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codex_that_is_silent_is_told_of_by_the_next_program_too_but_not_twice()
    {
        Stage.Script([.. Ready, "thread", "turn", "completed 1 1"]);
        var turn = Submit("hi");
        AwaitFile("ready");
        LeaveAgents();
        Recover(turn);
        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains(turn.Events, IsTold);
        });
        LeaveAgents();
        Recover(turn);

        for (var second = 0; second < 30; second++)
        {
            AwaitPhase(AgentPhase.Running);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Stage.Touch("go");

        Assert.Single(turn.Ended(StopReason.EndTurn).Notices, NoticeCodes.Waiting);
    }

    private static bool IsTold(CanonicalEvent value) => value is CanonicalEvent.Notice { Code: NoticeCodes.Waiting };
}
