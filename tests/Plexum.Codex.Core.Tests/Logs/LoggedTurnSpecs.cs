using Plexum.Codex.Events;
using Xunit;

namespace Plexum.Codex.Logs;

/// <summary>The last message of a turn, by its log.</summary>
public sealed class LoggedTurnSpecs
{
    [Fact]
    public void The_last_message_is_put_together_from_its_pieces()
    {
        var turn = Of(Piece("a", "One."), Piece("b", "Two"), Piece("b", " "), Piece("b", "halves."));

        Assert.Equal("Two halves.", turn.LastText);
    }

    [Fact]
    public void A_message_that_was_thrown_away_is_not_the_last_one()
    {
        var turn = Of(Piece("a", "One."), Piece("b", "Two"), Discarded("b"));

        Assert.Equal("One.", turn.LastText);
        Assert.Equal("Two", turn.TextOf("b"));
        Assert.Null(Of(Piece("a", "One"), Discarded("a")).LastText);
    }

    [Fact]
    public void Reasoning_that_was_thrown_away_is_no_message()
    {
        var turn = Of(Piece("a", "One."), Discarded("r"), new CanonicalEvent.Notice(NoticeCodes.CodexWarning, "x") { Item = "a" });

        Assert.Equal("One.", turn.LastText);
    }

    [Fact]
    public void A_whole_message_counts_and_a_blank_one_does_not()
    {
        var turn = Of(Piece("a", "One."), new CanonicalEvent.TextDelta("Whole."), Piece("b", " "), new CanonicalEvent.TextDelta("\n"));

        Assert.Equal("Whole.", turn.LastText);
    }

    private static CanonicalEvent.TextDelta Piece(string item, string text) => new(text) { Item = item };

    private static CanonicalEvent.Notice Discarded(string item) => new(NoticeCodes.TextDiscarded, "It is gone.") { Item = item };

    private static LoggedTurn Of(params CanonicalEvent[] events)
    {
        var turn = new LoggedTurn();
        foreach (var value in events)
        {
            turn.Count(value);
        }

        return turn;
    }
}
