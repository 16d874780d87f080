using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Problems;

public sealed class WaitingTurnsSpecs
{
    private static readonly AgentId Alice = AgentId.Parse("alice");
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    private readonly WaitingTurns _waiting = new();

    [Fact]
    public void The_oldest_is_the_one_that_has_waited_longest_of_those_that_still_wait()
    {
        Add("later", 2);
        Add("first", 1);
        Add("other", 1);
        Add("last", 3);

        var order = new List<string>();
        while (_waiting.Oldest is { } oldest)
        {
            order.Add(oldest.TurnId.Value);
            Assert.True(_waiting.Remove(oldest.TurnId));
        }

        Assert.Equal(["first", "other", "later", "last"], order);
        Assert.False(_waiting.Remove(TurnId.Parse("first")));
    }

    [Fact]
    public void A_turn_that_is_told_of_again_waits_once_and_since_then()
    {
        Add("again", 1);
        Add("other", 2);
        Add("again", 3);

        Assert.Equal("other", _waiting.Oldest!.TurnId.Value);
        Assert.True(_waiting.Remove(TurnId.Parse("again")));
        Assert.True(_waiting.Remove(TurnId.Parse("other")));
        Assert.Null(_waiting.Oldest);
    }

    private void Add(string turn, int minute) => _waiting.Add(TurnId.Parse(turn), Alice, Begin.AddMinutes(minute));
}
