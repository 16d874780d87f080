using Plexum.Codex.Events;
using Plexum.Codex.TestSupport.Rollouts;

namespace Plexum.Codex.Exec.Output;

/// <summary>Odd outputs of codex, as tests/Corpus has them; a turn whose rollout is not at hand.</summary>
public sealed class StdoutCorpusSpecs
{
    private const int MaxLineBytes = 1000;

    /// <summary>The file, its texts, <c>done</c> or the code of its error, its notices, and how many bytes are skipped.</summary>
    public static TheoryData<string, string, string, string, long> Outputs =>
        new()
        {
            { "ansi-prefix.jsonl", "hello", "done", "", 4 * 5 },
            { "byte-order-mark.jsonl", "hello", "done", "", 3 },
            { "log-before-event.jsonl", "hello", "done", "", 57 + 15 + 13 },
            { "nul-and-prompt.jsonl", "hello", "done", "", 2 + 17 },
            { "text-after-event.jsonl", "hello", "done", "", 4 + 5 + 1 },
            { "carriage-returns.jsonl", "hello", "done", "", 0 },
            { "two-events-on-a-line.jsonl", "hello", "done", "", 3 },
            { "last-line-without-newline.jsonl", "hello", "done", "", 0 },
            { "completed-then-failed.jsonl", "hello", "turn_failed", "", 0 },
            { "failed-then-completed.jsonl", "hello", "turn_failed", "", 0 },
            { "torn-message.jsonl", "I shall look.", "answer_missing", "line_unreadable", 0 },
            { "torn-early.jsonl", "", "answer_missing", "line_unreadable", 0 },
            { "torn-command.jsonl", "hello", "done", "line_unreadable", 0 },
            { "torn-tool-call.jsonl", "hello", "done", "line_unreadable", 0 },
            { "torn-tool-call-twice.jsonl", "hello", "done", "line_unreadable", 0 },
            { "torn-then-whole.jsonl", "hello", "done", "", 40 },
            { "message-without-text.jsonl", "I shall look.", "answer_missing", "", 0 },
            { "text-in-parts.jsonl", "", "answer_missing", "", 0 },
            { "long-message.jsonl", "I shall look.", "answer_missing", "line_too_long", 0 },
            { "long-then-short.jsonl", "hello", "done", "line_too_long", 0 },
            { "no-final-message.jsonl", "I shall look.", "done", "no_final_message", 0 },
            { "empty-final-message.jsonl", "I shall look.", "done", "no_final_message", 0 },
            { "background-command.jsonl", "hello", "done", "", 0 },
            { "plan-after-answer.jsonl", "hello", "done", "", 0 },
            { "events-of-tomorrow.jsonl", "hello", "done", "", 0 },
            { "torn-spaced.jsonl", "I shall look.", "answer_missing", "line_unreadable", 0 },
            { "torn-spaced-early.jsonl", "", "answer_missing", "line_unreadable", 0 },
            { "torn-head.jsonl", "", "answer_missing", "line_unreadable", 0 },
            { "message-in-utf-16.jsonl", "I shall look.", "answer_missing", "line_unreadable", 1 },
            { "message-in-base64.jsonl", "I shall look.", "answer_missing", "line_unreadable", 0 },
            { "item-type-of-yesterday.jsonl", "I shall look.", "answer_missing", "", 0 },
            { "message-of-tomorrow.jsonl", "I shall look.", "answer_missing", "", 0 },
            { "end-of-item-of-tomorrow.jsonl", "", "answer_missing", "", 0 },
            { "message-never-completed.jsonl", "I shall look.", "answer_missing", "", 0 },
            { "words-after-answer.jsonl", "I shall look.|hello", "done", "line_unreadable", 0 },
            { "words-after-work.jsonl", "I shall look.", "answer_missing", "line_unreadable", 0 },
            { "nothing-said.jsonl", "", "done", "no_final_message", 0 },
        };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void An_output_of_the_corpus_becomes_the_turn_that_it_is(string file, string texts, string end, string notices, long skipped)
    {
        using var rig = new MapperRig(maxLineBytes: MaxLineBytes);

        CanonicalEvent[] events = [.. rig.Feed(Corpus.Read("stdout", file)), .. rig.End()];

        Assert.Equal(texts, string.Join('|', events.OfType<CanonicalEvent.TextDelta>().Select(text => text.Text)));
        Assert.Equal(end, events.OfType<CanonicalEvent.Error>().SingleOrDefault()?.Code ?? "done");
        Assert.Equal(notices, string.Join(' ', events.OfType<CanonicalEvent.Notice>().Select(notice => notice.Code)));
        Assert.Equal(skipped, rig.Mapper.Progress.Counts.SkippedBytes);
        Assert.Equal(MapperRig.Thread, rig.Mapper.Progress.Thread);
        Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]);
    }

    [Fact]
    public void Each_output_of_the_corpus_is_tried() =>
        Assert.Equal(Corpus.Files("stdout"), Outputs.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
}
