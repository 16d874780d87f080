using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Ledger;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class FailureSpecs : AgentTestKit
{
    // The list of messages is made by the host; this one is none that any code expects.
    private TurnRequest Poison => new(Alice, Stage.Workspace, null, [null!]);

    [Theory]
    [EachBackend]
    public void A_failing_agent_kills_codex_ends_all_its_turns_with_an_error_and_goes_on(BackendKind backend)
    {
        Kind = backend;
        var running = SubmitHanging("running");
        var queued = Submit("queued");
        queued.Accepted();
        var codex = Stage.Calls[^1];

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));

        var story = running.Ended(StopReason.Error);
        Assert.Equal(("host_failure", TurnErrorClass.Internal), (story.Error.Code, story.Error.Class));
        Assert.NotNull(story.End.ThreadId);
        Assert.False(codex.IsRunning(Stage.ScriptPath));
        Assert.Equal("host_failure", queued.Ended(StopReason.Error).Error.Code);
        Stage.Script("thread", "turn", "completed 1 1");
        var next = Run("next");
        Assert.Equal(story.End.ThreadId, next.End.ThreadId);
        Assert.Equal(["running", "next"], Stage.Calls.Select(call => call.Prompt));
    }

    [Theory]
    [EachBackend]
    public void An_agent_that_fails_again_and_again_still_ends_every_turn(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("hang");
        for (var i = 0; i < 15; i++)
        {
            var turn = Submit("hi");
            turn.Accepted();

            Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));

            Assert.Equal("host_failure", turn.Ended(StopReason.Error).Error.Code);
        }
    }

    [Fact]
    public void An_agent_that_fails_while_the_end_of_a_turn_is_written_still_reports_that_end()
    {
        var time = ManualTime.Running();
        Time = time;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var turn = Submit("hi");
        AwaitFile("ready");
        time.Hold();
        Stage.Touch("go");
        AwaitPhase(AgentPhase.Settling);

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));
        AwaitPhase(AgentPhase.Idle);
        time.Release();

        turn.Ended(StopReason.EndTurn);
        Run("next");
    }

    [Theory]
    [EachBackend]
    public void An_agent_that_fails_while_a_turn_waits_for_another_program_does_not_keep_the_lock(BackendKind backend)
    {
        Kind = backend;
        DirectoryOf(Alice).Create();
        var held = FileLock.TryAcquire(DirectoryOf(Alice).LockFile, out _)!;
        var turn = Submit("hi");
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.AgentBusy }));

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));

        Assert.Equal("host_failure", turn.Ended(StopReason.Error).Error.Code);
        held.Dispose();
        Run("next");
        Assert.Single(Stage.Calls);
    }

    [Theory]
    [EachBackend]
    public void A_failing_agent_leaves_the_others_alone(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var other = Submit("hi", Bob);
        AwaitFile("ready");
        var turn = Submit("hi");
        turn.Accepted();

        Registry.Tell(new AgentProtocol.SubmitTurn(TurnId.Parse("poison"), Poison, Submitter.Owner));
        turn.Ended(StopReason.Error);
        Stage.Touch("go");

        other.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void A_process_actor_that_fails_takes_codex_with_it_and_ends_the_turn_with_an_error()
    {
        Stage.Script("thread", "turn", "child " + Stage.File("child"), "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        var codex = LastCodex();
        var child = ProcessProbe.Identify(ProcessProbe.PidIn(Stage.File("child")));
        Eventually(() => Assert.True(File.Exists(SessionPath)));

        // Its stderr, which it looks after every second, is no file any more.
        File.Delete(turn.Directory.StderrFile);
        Directory.CreateDirectory(turn.Directory.StderrFile);
        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains(turn.Events, value => value is CanonicalEvent.MessageEnd);
        });

        var story = turn.Ended(StopReason.Error);
        Assert.Equal(("host_failure", TurnErrorClass.Internal), (story.Error.Code, story.Error.Class));
        Assert.False(codex.IsRunning);
        Eventually(() => Assert.False(child.IsRunning));
        Assert.Equal(File.ReadAllText(SessionPath), story.End.ThreadId.ToString());
        AwaitPhase(AgentPhase.Idle);
    }

    [Fact]
    public void What_an_earlier_turn_still_had_to_say_is_passed_over()
    {
        var turn = SubmitHanging("running");
        var agent = ActorOf(Alice);

        // From another turn's actor, as after a restart of the agent's; and to an actor that is no more.
        agent.Tell(new TurnProtocol.Ended(TurnOutcome.Of(StopReason.EndTurn, null, DateTimeOffset.UtcNow), null), CreateTestProbe().Ref);
        agent.Tell(new TurnProtocol.PhaseChanged(TurnPhase.Settling), CreateTestProbe().Ref);
        Identify(agent);

        Assert.Equal((AgentPhase.Running, turn.Id), (Snapshot().Phase, Snapshot().RunningTurn!.Value));
        Cancel(turn);
        turn.Ended(StopReason.Cancelled);
    }

    [Theory]
    [EachBackend]
    public void A_full_disk_stops_codex_and_is_reported_to_whoever_submitted_the_turn(BackendKind backend)
    {
        Kind = backend;
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "wait " + Stage.File("go"), "say one", "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        var codex = Stage.Calls[^1];
        Eventually(() => Assert.True(File.Exists(SessionPath)));

        FullDisk.Fill(turn.Directory.EventsFile);
        Stage.Touch("go");

        var ended = turn.AwaitEnded();
        Assert.Equal(StopReason.Error, ended.StopReason);
        Assert.Equal(TurnErrorClass.Internal, ended.Unrecorded!.Class);
        Assert.Contains(turn.Directory.EventsFile, ended.Unrecorded.Message, StringComparison.Ordinal);
        Assert.False(codex.IsRunning(Stage.ScriptPath));
        Stage.Script("thread", "turn", "completed 1 1");
        Run("next");
    }

    [Fact]
    public void A_turn_whose_end_only_the_backend_cannot_record_ends_as_its_log_says()
    {
        Stage.Script("thread", "turn", "say one", "wait " + Stage.File("go"), "completed 1 1");
        var turn = Submit("hi");
        Eventually(() => Assert.Contains(new CanonicalEvent.TextDelta("one"), turn.Events));
        File.Delete(turn.Directory.RecordFile);
        Directory.CreateDirectory(turn.Directory.RecordFile);

        EventFilter
            .Warning(contains: "could not record the end")
            .ExpectOne(Limits.Wait, () =>
            {
                Stage.Touch("go");
                turn.Ended(StopReason.EndTurn);
            });

        Run("next");
    }

    [Theory]
    [EachBackend]
    public void A_profile_that_cannot_be_written_to_is_reported_to_whoever_submitted_the_turn(BackendKind backend)
    {
        Kind = backend;
        Stage.Touch("file");
        Profile = Stage.File("file");

        var ended = Submit("hi").AwaitEnded();

        Assert.Equal(StopReason.Error, ended.StopReason);
        Assert.Contains(Stage.File("file"), ended.Unrecorded!.Message, StringComparison.Ordinal);
        Assert.Equal(AgentPhase.Idle, Snapshot().Phase);
    }

    [Theory]
    [EachBackend]
    public void A_missing_codex_is_an_error_with_the_path_that_was_tried(BackendKind backend)
    {
        Kind = backend;
        Binaries = new CodexBinarySource("/gone/codex", null);

        var error = Run("hi", StopReason.Error).Error;

        Assert.Equal(TurnErrorClass.Spawn, error.Class);
        Assert.Contains("/gone/codex", error.Message, StringComparison.Ordinal);
        Assert.Contains("npm install", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_codex_that_is_installed_later_is_found_by_the_next_turn(BackendKind backend)
    {
        Kind = backend;
        Binaries = new CodexBinarySource(Stage.File("codex"), null);
        Run("hi", StopReason.Error);

        File.WriteAllText(Stage.File("codex"), $"#!/bin/sh\nexec {FakeCodexStage.Binary} \"$@\"\n");
        File.SetUnixFileMode(Stage.File("codex"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Run("hi");
    }

    [Theory]
    [EachBackend]
    public void A_workspace_that_disappears_while_a_turn_waits_is_an_error_that_names_it_if_the_settings_say_so(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { Workspaces = new WorkspaceSettings { Missing = MissingWorkspace.Refuse } };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var workspace = Directory.CreateDirectory(Stage.File("second")).FullName;
        var first = Submit("first");
        AwaitFile("ready");
        var second = Submit(new TurnRequest(Alice, workspace, null, [TurnMessage.User("second")]));
        second.Accepted();

        Directory.Delete(workspace);
        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        var error = second.Ended(StopReason.Error).Error;
        Assert.Equal(("workspace_gone", TurnErrorClass.Workspace), (error.Code, error.Class));
        Assert.Contains(workspace, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace));
    }

    [Fact]
    public async Task A_program_that_stops_leaves_codex_running()
    {
        Stage.Script(
            "thread",
            "turn",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "say late",
            "completed 1 1",
            "touch " + Stage.File("done")
        );
        var turn = Submit("hi");
        AwaitFile("ready");
        var codex = LastCodex();

        await Sys.Terminate().WithinLimit();

        Assert.True(codex.IsRunning);
        Stage.Touch("go");
        await Stage.AppearsAsync("done");
        Assert.Contains("late", await File.ReadAllTextAsync(turn.Directory.StdoutFile), StringComparison.Ordinal);
        Assert.Contains("turn.completed", await File.ReadAllTextAsync(turn.Directory.StdoutFile), StringComparison.Ordinal);
        Assert.False(ExecRecord.Load(turn.Directory)!.Settled);
    }

    private TurnRun SubmitHanging(string prompt)
    {
        Stage.Script("thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit(prompt);
        AwaitFile("ready");
        Eventually(() => Assert.True(File.Exists(SessionPath)));
        return turn;
    }
}
