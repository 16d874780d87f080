using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Problems;
using Xunit;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>The platform and the journal fail and answer independently of each other.</summary>
public sealed class InboxHealthSpecs
{
    private readonly InboxHealth _health = new(TimeProvider.System);

    [Fact]
    public void A_journal_that_fails_while_the_platform_is_down_does_not_make_the_platform_look_up()
    {
        _health.PlatformFailed("503");
        AssertIs(InboxPhase.PlatformDown, PlatformHealth.Down);
        _health.JournalFailed("The disk is full.");
        AssertIs(InboxPhase.JournalDown, PlatformHealth.Down);

        _health.JournalAnswered();

        AssertIs(InboxPhase.PlatformDown, PlatformHealth.Down);
        Assert.Equal(1, _health.PlatformAnswered());
        AssertIs(InboxPhase.Listening, PlatformHealth.Up);
    }

    [Fact]
    public void A_platform_that_answers_while_the_journal_is_down_leaves_the_journal_down()
    {
        _health.JournalFailed("The disk is full.");
        AssertIs(InboxPhase.JournalDown, PlatformHealth.Up);
        _health.PlatformFailed("503");

        _health.PlatformAnswered();

        AssertIs(InboxPhase.JournalDown, PlatformHealth.Up);
        _health.JournalAnswered();
        AssertIs(InboxPhase.Listening, PlatformHealth.Up);
    }

    [Fact]
    public void A_refusal_is_final()
    {
        Assert.True(_health.Refuse("401"));
        Assert.False(_health.Refuse("403"));
        _health.PlatformFailed("503");
        _health.JournalFailed("The disk is full.");
        _health.PlatformAnswered();
        _health.JournalAnswered();

        AssertIs(InboxPhase.Refused, PlatformHealth.Refused);
    }

    [Fact]
    public void Only_a_platform_that_is_gone_for_long_needs_a_person_until_it_answers_or_refuses()
    {
        var reports = new ProblemReports();
        var health = new InboxHealth(TimeProvider.System, reports);
        for (var failures = 1; failures < 5; failures++)
        {
            health.PlatformFailed("503");
        }

        Assert.Empty(reports.Standing);
        health.PlatformFailed("503");
        health.PlatformFailed("504");
        Assert.Equal([ProblemKinds.PlatformDown], reports.Standing);

        health.PlatformAnswered();
        Assert.Empty(reports.Standing);
        health.Refuse("401");
        Assert.Equal([ProblemKinds.PlatformRefused], reports.Standing);
    }

    [Fact]
    public void What_an_inbox_told_before_it_failed_ends_with_its_next_beginning_or_the_next_answer()
    {
        var reports = new ProblemReports();
        new InboxHealth(TimeProvider.System, reports).Refuse("401");
        reports.Begins(ProblemKinds.PlatformDown, "503");

        var health = new InboxHealth(TimeProvider.System, reports);
        Assert.Empty(reports.Standing);
        reports.Begins(ProblemKinds.PlatformDown, "503");
        health.PlatformAnswered();
        Assert.Empty(reports.Standing);
    }

    private void AssertIs(InboxPhase phase, PlatformHealth platform) => Assert.Equal((phase, platform), (_health.Phase, _health.Platform));
}
