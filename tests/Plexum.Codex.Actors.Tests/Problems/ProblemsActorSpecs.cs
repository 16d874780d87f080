using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
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

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void A_problem_stands_from_its_begin_to_its_end_in_the_words_it_was_told_last()
    {
        var began = _time.GetUtcNow();
        _reporter.Begins(ProblemKinds.ProfileUnwritable, "It is full.");
        Assert.Equal("It is full.", Assert.Single(Standing()).Message);
        _time.Advance(TimeSpan.FromMinutes(1));
        _reporter.Begins(ProblemKinds.ProfileUnwritable, "It does not answer.");

        Assert.Equal([new StandingProblem(ProblemKinds.ProfileUnwritable, "It does not answer.", began)], Standing());

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

    [Fact]
    public void What_is_wrong_with_a_request_or_its_workspace_does_not_count()
    {
        foreach (var own in new[] { TurnErrorClass.Request, TurnErrorClass.Workspace, TurnErrorClass.Session, TurnErrorClass.Timeout })
        {
            End(Failed(own, "own"));
        }

        Assert.Empty(Standing());
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

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            End(Failed(TurnErrorClass.Network, "broken"));
        }
    }

    private TurnOutcome Failed(TurnErrorClass @class, string code) =>
        new(_time.GetUtcNow(), StopReason.Error, ErrorCode: code, ErrorClass: @class, ErrorMessage: "It failed.");

    private void End(TurnOutcome outcome, TurnId? turn = null) =>
        _actor.Tell(new ProblemsProtocol.TurnEnded(turn ?? NextTurn(), Alice, outcome));

    private TurnId NextTurn() => TurnId.Parse(FormattableString.Invariant($"turn-{++_turns}"));
}
