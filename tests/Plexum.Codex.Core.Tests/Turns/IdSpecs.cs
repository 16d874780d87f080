using Xunit;

namespace Plexum.Codex.Turns;

public sealed class IdSpecs
{
    [Theory]
    [InlineData("a")]
    [InlineData("Alice_2.test-x")]
    [InlineData(".hidden")]
    [InlineData("-dash")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Names_of_the_right_kind_are_agents_and_turns(string name)
    {
        Assert.Equal(name, AgentId.Parse(name).Value);
        Assert.Equal(name, TurnId.Parse(name).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Other_names_are_refused_with_the_rule(string? name)
    {
        Assert.False(AgentId.TryParse(name, out _));
        Assert.False(TurnId.TryParse(name, out _));
        Assert.Contains("1 to 64 letters", Assert.Throws<FormatException>(() => AgentId.Parse(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_was_never_set_does_not_pass_for_one()
    {
        Assert.Throws<InvalidOperationException>(() => default(AgentId).Value);
        Assert.Throws<InvalidOperationException>(() => default(TurnId).Value);
    }

    [Fact]
    public void New_turns_sort_behind_earlier_ones()
    {
        var time = new ManualTime();
        var first = TurnId.New(time);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var second = TurnId.New(time);

        Assert.True(string.CompareOrdinal(first.Value, second.Value) < 0);
    }

    [Theory]
    [InlineData("01A1FA61-01C1-7781-BFA1-609B5404ABAF", true)]
    [InlineData("01a1fa61-01c1-7781-bfa1-609b5404abaf", true)]
    [InlineData("{01a1fa61-01c1-7781-bfa1-609b5404abaf}", false)]
    [InlineData("01a1fa6101c17781bfa1609b5404abaf", false)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    [InlineData(" 01a1fa61-01c1-7781-bfa1-609b5404abaf", false)]
    [InlineData("--last", false)]
    [InlineData("", false)]
    public void Only_a_uuid_is_a_thread(string text, bool valid)
    {
        Assert.Equal(valid, ThreadId.TryParse(text, out var thread));
        Assert.Equal(valid ? "01a1fa61-01c1-7781-bfa1-609b5404abaf" : Guid.Empty.ToString(), thread.ToString());
    }
}
