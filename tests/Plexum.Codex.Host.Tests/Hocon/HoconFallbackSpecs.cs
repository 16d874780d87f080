namespace Plexum.Codex.Host.Hocon;

/// <summary>Merging.</summary>
public sealed class HoconFallbackSpecs
{
    [Fact]
    public void The_upper_value_wins_and_the_lower_one_completes()
    {
        var merged = Merge("a { b = 1, o { x = 1 } }", "a { b = 2, c = 3, o { x = 2, y = 4 } }");

        Assert.Equal("1", merged.Find("a.b")?.Text);
        Assert.Equal("3", merged.Find("a.c")?.Text);
        Assert.Equal("1", merged.Find("a.o.x")?.Text);
        Assert.Equal("4", merged.Find("a.o.y")?.Text);
    }

    [Theory]
    [InlineData("a.b = 1", "a.b.c = 2", "a.b", "1")]
    [InlineData("a.b.c = 2", "a.b = 1", "a.b.c", "2")]
    public void A_value_and_an_object_are_not_mixed(string upper, string lower, string path, string expected) =>
        Assert.Equal(expected, Merge(upper, lower).Find(path)?.Text);

    [Fact]
    public void A_list_replaces_a_list() => Assert.Equal("1", Assert.Single(Merge("a = [1]", "a = [2, 3]").Find("a")!.Items).Text);

    [Fact]
    public void Null_hides_the_lower_value()
    {
        var merged = Merge("a = null", "a = 1");

        Assert.True(merged.HasPath("a"));
        Assert.Null(merged.Find("a")!.Text);
    }

    [Fact]
    public void Merging_leaves_both_as_they_were()
    {
        var upper = HoconDocument.Parse("a { b = 1 }");
        var lower = HoconDocument.Parse("a { c = 2 }");

        upper.WithFallback(lower);

        Assert.False(upper.HasPath("a.c"));
        Assert.False(lower.HasPath("a.b"));
    }

    [Fact]
    public void One_top_level_key_can_be_taken_out()
    {
        var document = HoconDocument.Parse("a { b = 1 }\nc = 2");

        Assert.Equal("a", Assert.Single(document.Only("a").Root.Items).Key);
        Assert.Empty(document.Only("x").Root.Items);
    }

    private static HoconDocument Merge(string upper, string lower) => HoconDocument.Parse(upper).WithFallback(HoconDocument.Parse(lower));
}
