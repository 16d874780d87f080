using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>What goes into a pipe of a message that comes in pieces.</summary>
public sealed class WholeMessagesSpecs
{
    private static readonly CanonicalEvent End = new CanonicalEvent.MessageEnd(
        StopReason.EndTurn,
        Usage.Zero,
        Usage.Zero,
        null,
        TimeSpan.Zero
    );

    [Fact]
    public void A_message_is_whole_whatever_comes_between_its_pieces() =>
        Assert.Equal(
            ["{\"a\":\n 1}"],
            Of(
                Piece("m", "{\"a\":"),
                new CanonicalEvent.Activity("{}"u8.ToArray(), ActivityPhase.Updated),
                new CanonicalEvent.ThinkingDelta("Hm."),
                Piece("m", "\n "),
                new CanonicalEvent.Notice(NoticeCodes.Reconnecting, "Again."),
                Piece("m", "1}"),
                End
            )
        );

    [Fact]
    public void What_codex_throws_away_is_not_there() =>
        Assert.Equal(["One.", "Three."], Of(Piece("a", "One."), Piece("b", "Two"), Discarded("b"), Piece("c", "Three."), End));

    [Fact]
    public void Reasoning_that_is_thrown_away_is_another_thing() => Assert.Equal(["One."], Of(Piece("a", "One."), Discarded("r"), End));

    [Fact]
    public void Another_message_ends_the_one_before_and_a_whole_one_waits_for_nothing()
    {
        var messages = new WholeMessages();

        Assert.Empty(messages.Take(Piece("a", "One.")));
        Assert.Equal(["One."], messages.Take(Piece("b", "Two.")));
        Assert.Equal(["Two.", "Three."], messages.Take(new CanonicalEvent.TextDelta("Three.")));
        Assert.Empty(messages.End());
    }

    [Fact]
    public void What_has_not_ended_can_be_asked_for_once()
    {
        var messages = new WholeMessages();
        Assert.Empty(messages.Take(Piece("a", "One")));

        Assert.Equal(["One"], messages.End());
        Assert.Empty(messages.End());
    }

    private static CanonicalEvent.TextDelta Piece(string item, string text) => new(text) { Item = item };

    private static CanonicalEvent.Notice Discarded(string item) => new(NoticeCodes.TextDiscarded, "It is gone.") { Item = item };

    private static List<string> Of(params CanonicalEvent[] events)
    {
        var messages = new WholeMessages();
        return [.. events.SelectMany(messages.Take)];
    }
}
