namespace Plexum.Codex.Host.Hocon;

/// <summary><c>${path}</c>.</summary>
public sealed class HoconReferenceSpecs
{
    [Theory]
    [InlineData("a = 1\nb = ${a}", "1")]
    [InlineData("b = ${a}\na = 1", "1")]
    [InlineData("a = 1\nb = ${a}\na = 2", "2")]
    [InlineData("a.x.y = 1\nb = ${a.x.y}", "1")]
    [InlineData("a = 1\nc = ${a}\nb = ${c}", "1")]
    [InlineData("a = Roger\nb = my name is ${a}.", "my name is Roger.")]
    [InlineData("a = 1\nb = ${a}${a} ${a}", "11 1")]
    [InlineData("a = 1\nb = \"${a}\"", "${a}")]
    [InlineData("b = 0\na = 1\nb = ${a}", "1")]
    [InlineData("{ \"a\": 1, \"b\": ${a} }", "1")]
    public void A_reference_stands_for_the_text_it_leads_to(string hocon, string expected) =>
        Assert.Equal(expected, HoconDocument.Parse(hocon).Find("b")?.Text);

    [Fact]
    public void A_reference_stands_for_the_object_it_leads_to()
    {
        var config = HoconDocument.Parse("a { b { x = 1, y { z = 2 } }\n c = ${a.b} }");

        Assert.Equal("1", config.Find("a.c.x")?.Text);
        Assert.Equal("2", config.Find("a.c.y.z")?.Text);
        Assert.NotNull(config.Find("a.c")?.Object);
    }

    [Fact]
    public void A_reference_leads_through_another_one()
    {
        var config = HoconDocument.Parse("c = ${b.x}\na { x = 1 }\nb = ${a}\nd = ${b.x}");

        Assert.Equal("1", config.Find("c")?.Text);
        Assert.Equal("1", config.Find("d")?.Text);
    }

    [Fact]
    public void A_reference_stands_for_the_items_of_a_list()
    {
        var config = HoconDocument.Parse("a = [1, 2]\nb = ${a} [3]\nc = [0] ${a}\nd = ${a}");

        Assert.Equal(["1", "2", "3"], config.Find("b")!.Items.Select(item => item.Text));
        Assert.Equal(["0", "1", "2"], config.Find("c")!.Items.Select(item => item.Text));
        Assert.Equal(["1", "2"], config.Find("d")!.Items.Select(item => item.Text));
    }

    [Fact]
    public void A_reference_in_a_list_is_one_item()
    {
        var config = HoconDocument.Parse("a = 1\nb = [${a}, 2]");

        Assert.Equal(["1", "2"], config.Find("b")!.Items.Select(item => item.Text));
    }

    [Theory]
    [InlineData("a = null\nb = ${a}", null)]
    [InlineData("a = null\nb = x${a}y", "xy")]
    [InlineData("a = 1\nb = ${?a}", "1")]
    [InlineData("b = x ${?a}", "x")]
    [InlineData("b = ${?a} ", null)]
    public void A_reference_to_null_or_to_nothing_is_no_text(string hocon, string? expected) =>
        Assert.Equal(expected, HoconDocument.Parse(hocon).Find("b")!.Text);

    [Fact]
    public void A_reference_sees_only_its_own_text_and_not_a_fallback()
    {
        var config = HoconDocument.Parse("a = 1\nb = ${a}");

        var merged = HoconDocument.Parse("a = 2").WithFallback(config);

        Assert.Equal("2", merged.Find("a")?.Text);
        Assert.Equal("1", merged.Find("b")?.Text);
    }

    [Theory]
    [InlineData("b = ${a}")]
    [InlineData("a { c = 1 }\nb = ${a.d}")]
    [InlineData("b = ${PATH}")]
    [InlineData("b = ${a}\nb = 1")]
    [InlineData("x { a = 1\n b = ${a} }")]
    public void A_reference_that_leads_nowhere_is_rejected(string hocon) => Assert.Throws<HoconException>(() => HoconDocument.Parse(hocon));

    [Theory]
    [InlineData("b = ${?PATH}")]
    [InlineData("b = 1\nb = ${?PATH}")]
    public void An_optional_reference_is_null_and_erases_what_was_there(string hocon) =>
        Assert.Null(HoconDocument.Parse(hocon).Find("b")!.Text);
}
