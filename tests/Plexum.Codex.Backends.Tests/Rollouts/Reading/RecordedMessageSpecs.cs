using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading.Fields;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>The agent's messages in a rollout, as codex 0.169.0 and 0.171.0 record them, and as older versions did.</summary>
public sealed class RecordedMessageSpecs : IDisposable
{
    private const string Complete = """{"type":"event_msg","payload":{"type":"task_complete","last_agent_message":"b"}}""";

    private const string Call = """{"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"c"}}""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Messages_are_counted_and_the_last_is_kept_with_its_label()
    {
        Assert.Equal(
            new RecordedMessages(2, "b", true, IsWhole: true) { End = new RecordedEnd("b") },
            Read(Item("a", ",\"phase\":\"commentary\""), Item("b", ",\"phase\":\"final_answer\""), Item(" "), Complete)
        );
        Assert.Equal(new RecordedMessages(1, "a", false, IsWhole: false), Read(Item("a", ",\"phase\":\"commentary\"")));
        Assert.Equal(new RecordedMessages(1, "a", null, IsWhole: false), Read(Item("a", ",\"phase\":\"of_tomorrow\"")));
        Assert.Equal(new RecordedMessages(0, null, null, IsWhole: true) { End = new RecordedEnd("b") }, Read(Complete));
    }

    [Theory]
    [InlineData(",\"last_agent_message\":\"\\u00e4\"", "ä")]
    [InlineData(",\"last_agent_message\":null", "none")]
    [InlineData(",\"last_agent_message\":\" \"", "none")]
    [InlineData(",\"last_agent_message\":[\"a\"]", "unknown")]
    [InlineData("", "unknown")]
    public void The_end_of_a_turn_says_what_its_answer_is(string answer, string known)
    {
        var recorded = Read(Item("a"), "{\"type\":\"event_msg\",\"payload\":{\"type\":\"task_complete\"" + answer + "}}");

        Assert.True(recorded.IsWhole);
        Assert.Equal(known, recorded.End is { } end ? end.Answer ?? "none" : "unknown");
    }

    [Fact]
    public void Older_versions_record_a_message_as_text() =>
        Assert.Equal(new RecordedMessages(2, "b", null, IsWhole: true) { End = new RecordedEnd("b") }, Read(Old("a"), Old("b"), Complete));

    [Fact]
    public void A_message_that_is_recorded_in_both_forms_counts_once() =>
        Assert.Equal(new RecordedMessages(1, "a", null, IsWhole: true) { End = new RecordedEnd("b") }, Read(Item("a"), Old("a"), Complete));

    [Fact]
    public void The_parts_of_a_message_are_joined_as_codex_joins_them() =>
        Assert.Equal(
            "ab",
            Read(
                """{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","id":"m","content":"""
                    + """[{"type":"Text","text":"a"},7,{"type":"Image"},{"type":"Text","text":"b"}]}}}"""
            ).Last
        );

    [Fact]
    public void Items_of_the_user_are_no_messages_of_the_agent() =>
        Assert.Equal(
            0,
            Read(
                """{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"UserMessage","id":"u","content":"""
                    + """[{"type":"text","text":"a"}]}}}"""
            ).Count
        );

    [Fact]
    public void Whether_codex_worked_on_after_the_last_message_is_told_by_their_order()
    {
        Assert.Null(Read(Item("a")).IsFollowedByWork);
        Assert.True(Read(Item("a"), Call).IsFollowedByWork);
        Assert.False(Read(Item("a"), Call, Item("b")).IsFollowedByWork);
        Assert.False(Read(Old("a"), Call, Old("b")).IsFollowedByWork);
    }

    [Fact]
    public void A_message_that_is_torn_or_overwritten_anywhere_is_not_overlooked()
    {
        const string Head = "{\"timestamp\":\"2026-11-30T00:38:34.766Z\",\"ordinal\":20,\"type\":\"event_msg\"";
        foreach (var whole in new[] { Item("a"), Head + Item("a")[19..], Head + Old("a")[19..] })
        {
            Assert.False(Read(whole).MayLack);
            for (var length = 1; length < whole.Length; length++)
            {
                Assert.True(Read(whole[..length]).MayLack, whole[..length]);
                Assert.True(Read(whole[..length] + new string('\0', 9)).MayLack, whole[..length]);
            }
        }

        Assert.True(Read("\0\0\0").MayLack);
        Assert.False(Read(Item("a"), Complete[..^1]) is { IsWhole: true });
        Assert.True(Read(Item("a"), Item("b")[..90], Complete) is { IsWhole: false, End: not null });
    }

    [Fact]
    public void What_names_itself_as_something_else_before_it_is_torn_is_no_message()
    {
        Assert.False(Read(Complete[..^3]).MayLack);
        Assert.False(Read(Call[..50]).MayLack);
        Assert.False(
            Read("{\"type\":\"event_msg\",\"payload\":{\"type\":\"item_completed\",\"item\":{\"type\":\"UserMessage\",\"i").MayLack
        );
        Assert.False(Read("", " ").MayLack);
    }

    [Fact]
    public void The_ends_of_several_turns_settle_nothing() =>
        Assert.Null(Find(Item("a"), Complete, Item("b"), Complete.Replace("\"b\"", "null", StringComparison.Ordinal)));

    private static string Item(string text, string label = "") =>
        """{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","id":"m","content":"""
        + $$"""[{"type":"Text","text":"{{text}}"}]"""
        + label
        + "}}}";

    private static string Old(string text) =>
        $"{{\"type\":\"event_msg\",\"payload\":{{\"type\":\"agent_message\",\"message\":\"{text}\",\"phase\":null}}}}";

    private RecordedMessages Read(params string[] lines) => Find(lines) ?? throw new InvalidOperationException("Nothing is known.");

    private RecordedMessages? Find(params string[] lines)
    {
        var path = _directory.File(Guid.NewGuid().ToString("N"));
        File.WriteAllLines(path, lines);
        using var file = File.OpenHandle(path);
        return RolloutReading.Of(file, 0, RandomAccess.GetLength(file), new RolloutLimits()).Messages;
    }
}
