using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Rollouts.Whereabouts;
using Xunit;

namespace Plexum.Codex.Output;

public sealed class ResumeProblemSpecs
{
    private const string Thread = "019a0000-0000-7000-8000-00000000abcd";
    private const string Rollout = "/home/alice/.codex/sessions/2026/11/29/rollout-2026-11-29T20-57-24-" + Thread + ".jsonl";
    private const string NoMeta = "failed to read thread: thread-store internal error: failed to read session metadata " + Rollout + ": ";

    /// <summary>What codex 0.169.0 and 0.171.0 say behind "thread/resume failed: ".</summary>
    public static TheoryData<string, ResumeProblem> Measured =>
        new()
        {
            { $"no rollout found for thread id {Thread} (code -32600)", ResumeProblem.ThreadUnknown },
            { $"thread {Thread} already has an active writer (code -32600)", ResumeProblem.ThreadBusy },
            {
                $"session {Thread} is archived. Run `codex unarchive {Thread}` to unarchive it first. (code -32600)",
                ResumeProblem.ThreadArchived
            },
            { $"failed to locate thread id {Thread}: Permission denied (os error 13) (code -32600)", ResumeProblem.ThreadUnreachable },
            { "list_turns is not supported yet (code -32601)", ResumeProblem.StateUnusable },
            {
                "failed to load configuration: Cannot change this thread's model provider from `loop` to `other` on resume. (code -32600)",
                ResumeProblem.ThreadOtherProvider
            },
            {
                "This chat uses model provider “loop”, which is no longer configured. Restore this provider’s configuration to "
                    + """continue. (code -32600), data: {"type":"modelProviderNotConfigured","modelProvider":"loop"}""",
                ResumeProblem.ThreadOtherProvider
            },
            { $"{NoMeta}rollout at {Rollout} does not start with session metadata (code -32603)", ResumeProblem.ThreadUnreadable },
            { $"{NoMeta}rollout at {Rollout} is empty (code -32603)", ResumeProblem.ThreadUnreadable },
            { $"{NoMeta}incomplete frame (code -32603)", ResumeProblem.ThreadUnreadable },
            { $"{NoMeta}Permission denied (os error 13) (code -32603)", ResumeProblem.ThreadUnreadable },
            {
                "error resuming thread: Fatal error: Failed to initialize session: thread-store internal error: failed to resume local "
                    + $"thread recorder: final paginated rollout record at {Rollout} is missing an ordinal (code -32603)",
                ResumeProblem.ThreadUnreadable
            },
            {
                "error resuming thread: Fatal error: Failed to initialize session: invalid thread-store request: paginated rollout path "
                    + $"`{Rollout}` does not have a canonical rollout filename (code -32603)",
                ResumeProblem.ThreadUnreadable
            },
            { $"invalid paginated history lineage for {Thread}: missing source rollout (code -32600)", ResumeProblem.ThreadUnreadable },
            {
                "error resuming thread: Fatal error: Failed to initialize session: required MCP servers failed to initialize: notes",
                ResumeProblem.None
            },
        };

    [Theory]
    [MemberData(nameof(Measured))]
    public void Each_refusal_of_codex_s_has_its_problem_and_its_words(string words, ResumeProblem problem)
    {
        var stderr = $"2026-11-29T20:57:25Z ERROR codex_core::session: Failed\nError: thread/resume: thread/resume failed: {words}\n";

        Assert.Equal(problem, ResumeProblems.Of(stderr));
        Assert.Equal(words.Split(" (code ")[0].TrimEnd('.'), ResumeProblems.WordsOf(stderr));
    }

    [Fact]
    public void Codex_s_last_words_count_before_what_it_logged()
    {
        const string Logged = "ERROR codex_core: no rollout found for thread id x in the cache\n";

        Assert.Equal(ResumeProblem.ThreadArchived, ResumeProblems.Of($"{Logged}Error: session x is archived."));
        Assert.Equal(ResumeProblem.ThreadUnknown, ResumeProblems.Of($"{Logged}Error: something new"));
        Assert.Equal("something new", ResumeProblems.WordsOf($"{Logged}Error: something new"));
    }

    [Fact]
    public void Words_without_end_are_cut_between_characters()
    {
        var words = ResumeProblems.WordsOf($"Error: x{string.Concat(Enumerable.Repeat("😀", 2000))}");

        Assert.EndsWith("😀 [… cut]", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_codex_says_is_judged_alike_each_time_and_gives_up_a_thread_only_where_that_is_gone()
    {
        var known = Measured.Select(row => (string)row[0]).ToArray();
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements(known),
            Gen.Elements("Error: ", "\n", "thread/resume failed: ", "no rollout found", "is archived", "already has an active writer")
        );
        var stderrs = texts.ArrayOf().Select(parts => string.Concat(parts));
        var states = Gen.Elements(Enum.GetValues<RolloutState>());
        Prop.ForAll(stderrs.ToArbitrary(), states.ToArbitrary(), (stderr, state) =>
            {
                var problem = ResumeProblems.Of(stderr);
                Assert.Equal(problem, ResumeProblems.Of(stderr));
                Assert.DoesNotContain('\n', ResumeProblems.WordsOf(stderr));
                Assert.Equal(
                    problem == ResumeProblem.ThreadUnknown && state == RolloutState.Gone,
                    ThreadRefusal.GivesUp(problem, new ThreadWhereabouts(state, null))
                );
                var isUnknown = stderr.Contains("no rollout found", StringComparison.OrdinalIgnoreCase);
                Assert.True(isUnknown || problem != ResumeProblem.ThreadUnknown);
            })
            .QuickCheckThrowOnFailure();
    }
}
