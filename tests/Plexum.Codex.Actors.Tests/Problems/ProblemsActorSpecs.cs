using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Problems;

public sealed class ProblemsActorSpecs : Akka.TestKit.Xunit2.TestKit
{
    private static readonly AgentId Alice = AgentId.Parse("alice");
    private static readonly ProblemSettings Settings = new() { MaxWait = TimeSpan.FromMinutes(10), MaxFailures = 3 };

    private readonly ManualTime _time = new();
    private readonly ProblemReporter _reporter = new();
    private readonly IActorRef _actor;
    private int _turns;

    public ProblemsActorSpecs()
        : base(TestSystem.WithClockAndLog)
    {
        _actor = Sys.ActorOf(ProblemsActor.Props(Settings, _time));
        _reporter.Attach(_actor);
    }

    private TestClock Clock => (TestClock)Sys.Scheduler;

    [Fact]
    public void A_problem_stands_from_its_begin_to_its_end_in_the_words_it_was_told_last()
    {
        var began = _time.GetUtcNow();
        _reporter.Begins(ProblemKinds.ProfileUnwritable, "It is full.");
        Assert.Equal("It is full.", Assert.Single(Standing()).Message);
        _time.Advance(TimeSpan.FromMinutes(1));
        _reporter.Begins(ProblemKinds.ProfileUnwritable, "It does not answer.");

        var standing = Assert.Single(Standing());
        Assert.Equal((ProblemKinds.ProfileUnwritable, "It does not answer."), (standing.Kind, standing.Message));
        Assert.InRange(standing.Since, began, began.AddSeconds(1));

        _reporter.Ends(ProblemKinds.ProfileUnwritable);
        _reporter.Ends(ProblemKinds.ProfileUnwritable);
        Assert.Empty(Standing());
    }

    [Fact]
    public void It_is_logged_once_when_it_begins_and_once_when_it_is_over()
    {
        EventFilter
            .Warning(contains: "problem ")
            .Expect(2, Limits.Wait, () =>
            {
                _reporter.Begins(ProblemKinds.LedgerUnwritable, "It is locked.");
                _reporter.Begins(ProblemKinds.LedgerUnwritable, "It is full.");
                _reporter.Ends(ProblemKinds.LedgerUnwritable);
                _reporter.Ends(ProblemKinds.LedgerUnwritable);
                Assert.Empty(Standing());
            });
    }

    [Fact]
    public void What_is_told_before_there_is_an_actor_is_kept()
    {
        var early = new ProblemReporter();
        early.Begins(ProblemKinds.LedgerRescued, "It was damaged.");
        early.Begins(ProblemKinds.RoomLow, "It is nearly full.");
        early.Ends(ProblemKinds.RoomLow);

        early.Attach(_actor);

        Assert.Equal(ProblemKinds.LedgerRescued, Assert.Single(Standing()).Kind);
    }

    [Theory]
    [InlineData(TurnErrorClass.Authentication, "unauthorized", "login_refused")]
    [InlineData(TurnErrorClass.UsageLimit, "usage_limit", "usage_limit_reached")]
    [InlineData(TurnErrorClass.Spawn, "codex_unavailable", "codex_unusable")]
    public void A_failure_that_every_turn_would_meet_stands_until_a_turn_succeeds(TurnErrorClass @class, string error, string code)
    {
        End(Failed(@class, error));

        var problem = Assert.Single(Standing());
        Assert.Equal(code, problem.Kind.Code);
        Assert.Contains("alice", problem.Message, StringComparison.Ordinal);
        Assert.Contains("It failed.", problem.Message, StringComparison.Ordinal);

        End(TurnOutcome.Of(StopReason.Cancelled, null, _time.GetUtcNow()));
        Assert.Single(Standing());
        End(TurnOutcome.Of(StopReason.EndTurn, null, _time.GetUtcNow()));
        Assert.Empty(Standing());
    }

    [Fact]
    public void Turns_that_fail_one_after_another_are_a_problem_and_one_that_succeeds_in_between_starts_the_count_anew()
    {
        Fail(2);
        End(TurnOutcome.Of(StopReason.EndTurn, null, _time.GetUtcNow()));
        Fail(2);
        Assert.Empty(Standing());

        Fail(1);

        Assert.Equal(ProblemKinds.TurnsFailing, Assert.Single(Standing()).Kind);
        Fail(1);
        Assert.Contains("4 turns", Assert.Single(Standing()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TurnErrorClass.Request, "no_user_text")]
    [InlineData(TurnErrorClass.Workspace, "workspace_gone")]
    [InlineData(TurnErrorClass.Session, "thread_busy")]
    [InlineData(TurnErrorClass.ContextWindow, "context_window_exceeded")]
    public void What_is_wrong_with_one_request_workspace_or_thread_does_not_count(TurnErrorClass @class, string code)
    {
        Fail(5, Failed(@class, code));

        Assert.Empty(Standing());
    }

    [Theory]
    [InlineData(TurnErrorClass.Timeout, "deadline_exceeded")]
    [InlineData(TurnErrorClass.Session, "codex_state_unusable")]
    [InlineData(TurnErrorClass.Workspace, "workspace_unusable")]
    [InlineData(TurnErrorClass.Request, "bad_request")]
    [InlineData(TurnErrorClass.Tool, "mcp_server_failed")]
    public void What_every_agent_would_meet_counts_whatever_its_class(TurnErrorClass @class, string code)
    {
        Fail(3, Failed(@class, code));

        Assert.Equal(ProblemKinds.TurnsFailing, Assert.Single(Standing()).Kind);
    }

    [Fact]
    public void A_turn_that_only_waited_until_its_time_limit_does_not_count()
    {
        var waited = TurnSettlement.EventsOf(
            BackendEnd.Without(new BackendResult.Stopped(StopCause.TimedOut, HasRun: false), null),
            TimeSpan.Zero
        );
        var message = waited.OfType<CanonicalEvent.Error>().Single().Message;

        Fail(5, Failed(TurnErrorClass.Timeout, "deadline_exceeded") with { StopReason = StopReason.Timeout, ErrorMessage = message });

        Assert.Empty(Standing());
    }

    [Fact]
    public void A_problem_quotes_one_short_line_without_keys_and_names_the_turn()
    {
        var said = "Incorrect API key provided: sk-hunter2hunter2\n" + new string('x', 4000);

        End(Failed(TurnErrorClass.Authentication, "unauthorized") with { ErrorMessage = said }, TurnId.Parse("t-1"));

        var message = Assert.Single(Standing()).Message;
        Assert.Contains("t-1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.True(message.Length < 400, message);
    }

    [Fact]
    public void A_missing_login_stands_until_it_is_there_and_a_refused_one_until_a_turn_succeeds()
    {
        _actor.Tell(new ProblemsProtocol.LoginSeen("codex is not logged in"));
        Assert.Equal(ProblemKinds.LoginRefused, Assert.Single(Standing()).Kind);
        Assert.Contains("codex is not logged in", Assert.Single(Standing()).Message, StringComparison.Ordinal);
        _actor.Tell(new ProblemsProtocol.LoginSeen(null));
        Assert.Empty(Standing());

        _actor.Tell(new ProblemsProtocol.LoginSeen("codex is not logged in"));
        End(Failed(TurnErrorClass.Authentication, "unauthorized"));
        _actor.Tell(new ProblemsProtocol.LoginSeen(null));
        Assert.Equal(ProblemKinds.LoginRefused, Assert.Single(Standing()).Kind);
    }

    [Fact]
    public void A_turn_that_waits_too_long_is_a_problem_until_it_starts()
    {
        var (first, second) = (Wait(), Wait());

        Pass(TimeSpan.FromMinutes(9));
        Assert.Empty(Standing());
        Pass(TimeSpan.FromMinutes(1));
        var problem = Assert.Single(Standing());
        Assert.Equal(ProblemKinds.TurnWaiting, problem.Kind);
        Assert.Contains(first.Value, problem.Message, StringComparison.Ordinal);

        _actor.Tell(new ProblemsProtocol.TurnStarted(first));
        Assert.Contains(second.Value, Assert.Single(Standing()).Message, StringComparison.Ordinal);
        End(TurnOutcome.Of(StopReason.Cancelled, null, _time.GetUtcNow()), second);
        Assert.Empty(Standing());
    }

    [Fact]
    public void A_turn_that_waited_before_the_daemon_was_restarted_waits_since_then()
    {
        _actor.Tell(new ProblemsProtocol.TurnWaits(TurnId.Parse("new"), Alice, _time.GetUtcNow()));

        _actor.Tell(new ProblemsProtocol.TurnWaits(TurnId.Parse("old"), Alice, _time.GetUtcNow() - TimeSpan.FromHours(1)));

        Assert.Contains("old", Assert.Single(Standing()).Message, StringComparison.Ordinal);
    }

    private ImmutableArray<StandingProblem> Standing()
    {
        var probe = CreateTestProbe();
        _actor.Tell(ProblemsProtocol.GetProblems.Instance, probe.Ref);
        return probe.ExpectMsg<ProblemsProtocol.Standing>().Problems;
    }

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        Clock.Advance(time);
    }

    private TurnId Wait()
    {
        var turn = NextTurn();
        _actor.Tell(new ProblemsProtocol.TurnWaits(turn, Alice, _time.GetUtcNow()));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Standing();
        return turn;
    }

    private void Fail(int times, TurnOutcome? outcome = null)
    {
        for (var i = 0; i < times; i++)
        {
            End(outcome ?? Failed(TurnErrorClass.Network, "broken"));
        }
    }

    private TurnOutcome Failed(TurnErrorClass @class, string code) =>
        new(_time.GetUtcNow(), StopReason.Error, ErrorCode: code, ErrorClass: @class, ErrorMessage: "It failed.");

    private void End(TurnOutcome outcome, TurnId? turn = null) =>
        _actor.Tell(new ProblemsProtocol.TurnEnded(turn ?? NextTurn(), Alice, outcome));

    private TurnId NextTurn() => TurnId.Parse(FormattableString.Invariant($"turn-{++_turns}"));
}
