using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Output;

public sealed class ThreadRefusalSpecs
{
    private const string Path = "/codex/sessions/2026/11/29/rollout-x.jsonl";

    private static readonly ThreadId Thread = ThreadId.Parse("019a0000-0000-7000-8000-00000000abcd");
    private static readonly ThreadRefusal Refusal = new(AgentId.Parse("alice"), Thread, "/codex");

    public static TheoryData<ResumeProblem, RolloutState, string, string> Rows =>
        new()
        {
            { ResumeProblem.ThreadUnreadable, RolloutState.Unreadable, ThreadProblem.Unreadable, Path },
            { ResumeProblem.ThreadUnreadable, RolloutState.There, ThreadProblem.Unreadable, Path },
            { ResumeProblem.ThreadArchived, RolloutState.Archived, ThreadProblem.Archived, $"='/codex' codex unarchive {Thread}" },
            { ResumeProblem.ThreadArchived, RolloutState.Unreachable, ThreadProblem.Archived, "/codex/archived_sessions" },
            { ResumeProblem.ThreadUnreachable, RolloutState.Unreachable, ThreadProblem.Unreachable, "a fault" },
            { ResumeProblem.StateUnusable, RolloutState.There, ThreadProblem.StateUnusable, "state_5.sqlite" },
            { ResumeProblem.ThreadOtherProvider, RolloutState.There, ThreadProblem.OtherProvider, "/codex/config.toml" },
            { ResumeProblem.ThreadUnknown, RolloutState.Unreachable, ThreadProblem.Unreachable, "a remedy." },
            { ResumeProblem.ThreadUnknown, RolloutState.There, ThreadProblem.Unreachable, Path },
            { ResumeProblem.ThreadUnknown, RolloutState.Archived, ThreadProblem.Archived, "Move the file back" },
            { ResumeProblem.ThreadUnknown, RolloutState.Unreadable, ThreadProblem.Unreadable, Path },
        };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_says_what_is_wrong_in_whose_words_and_the_ways_out(
        ResumeProblem problem,
        RolloutState state,
        string code,
        string named
    )
    {
        var found = new ThreadWhereabouts(state, Path, "a fault", "a remedy.");

        var failure = Refusal.Explain(problem, "Error: thread/resume: thread/resume failed: codex's own words (code -32603)", found);

        Assert.Equal((code, TurnErrorClass.Session), (failure.Code, failure.Class));
        Assert.True(ThreadProblem.IsOne(failure.Code));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains(" codex says: codex's own words.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("plexum-codex thread --new alice", failure.Message, StringComparison.Ordinal);
        Assert.Equal(code is ThreadProblem.Unreachable or ThreadProblem.StateUnusable, failure.Retryable);
    }

    [Theory]
    [InlineData(ResumeProblem.ThreadUnreadable, RolloutState.There, "from a backup")]
    [InlineData(ResumeProblem.ThreadUnreachable, RolloutState.There, "/codex/sessions")]
    [InlineData(ResumeProblem.ThreadUnknown, RolloutState.Unreachable, "/codex/sessions")]
    public void Where_nothing_special_is_known_it_says_what_to_look_at(ResumeProblem problem, RolloutState state, string named)
    {
        var failure = Refusal.Explain(problem, "Error: something new", new ThreadWhereabouts(state, Path));

        Assert.EndsWith(" codex says: something new.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains("plexum-codex thread --new alice", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_is_the_last_line_and_the_remedy_comes_before_codex_s_words_which_do_not_repeat_the_path()
    {
        var failure = Refusal.Explain(
            ResumeProblem.ThreadUnreadable,
            $"Error: thread/resume: thread/resume failed: failed to read session metadata {Path}: rollout at {Path} is bad (code -32603)",
            new ThreadWhereabouts(RolloutState.Unreadable, Path, "a fault", "a remedy.", "mend it")
        );

        Assert.EndsWith(
            " codex says: failed to read session metadata [its rollout]: rollout at [its rollout] is bad.\nmend it",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"its rollout {Path} cannot be loaded, because a fault. a remedy. ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fork_whose_source_is_gone_is_told_to_bring_that_back()
    {
        var failure = Refusal.Explain(
            ResumeProblem.ThreadUnreadable,
            "Error: thread/resume: thread/resume failed: invalid paginated history lineage for x: missing source rollout (code -32600)",
            new ThreadWhereabouts(RolloutState.There, Path)
        );

        Assert.Contains("forked from the thread that codex names", failure.Message, StringComparison.Ordinal);
    }
}
