using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>What <c>codex_turn</c> gives of a turn's events.</summary>
public sealed class TurnStorySpecs
{
    [Fact]
    public void A_message_that_codex_threw_away_is_not_part_of_the_answer()
    {
        var story = new TurnStory(TurnId.Parse("t"), []);
        CanonicalEvent[] events =
        [
            new CanonicalEvent.MessageStart(TurnId.Parse("t"), AgentId.Parse("alice"), Resumed: false),
            new CanonicalEvent.TextDelta("I lo") { Item = "a" },
            new CanonicalEvent.TextDelta("ok.") { Item = "a" },
            new CanonicalEvent.TextDelta("Half of") { Item = "b" },
            new CanonicalEvent.Notice(NoticeCodes.TextDiscarded, "It is gone.") { Item = "b" },
            new CanonicalEvent.TextDelta("Steered.") { Item = "c" },
            new CanonicalEvent.MessageEnd(StopReason.EndTurn, Usage.Zero, Usage.Zero, null, TimeSpan.Zero),
        ];
        foreach (var value in events)
        {
            story.Take(value);
        }

        var answer = story.ToAnswer().StructuredContent!.Value;

        Assert.Equal("I look.\n\nSteered.", answer.GetProperty("text").GetString());
        Assert.Equal("text_discarded: It is gone.", Assert.Single(answer.GetProperty("notices").EnumerateArray()).GetString());
    }
}
