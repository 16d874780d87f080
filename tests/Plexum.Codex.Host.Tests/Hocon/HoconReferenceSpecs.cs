using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary><c>${path}</c>.</summary>
public class HoconReferenceSpecs
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
    public void A_reference_should_stand_for_the_text_it_leads_to(string hocon, string expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString(hocon).GetString("b"));

    [Fact]
    public void A_reference_should_stand_for_the_object_it_leads_to()
    {
        var config = ConfigurationFactory.ParseString("a { b { x = 1, y { z = 2 } }\n c = ${a.b} }");

        Assert.Equal(1, config.GetInt("a.c.x"));
        Assert.Equal(2, config.GetConfig("a.c")!.GetInt("y.z"));
        Assert.True(config.GetValue("a.c")!.IsObject());
    }

    [Fact]
    public void A_reference_should_lead_through_another_one_that_comes_first()
    {
        var config = ConfigurationFactory.ParseString("a { x = 1 }\nb = ${a}\nc = ${b.x}");

        Assert.Equal(1, config.GetInt("c"));
    }

    [Fact]
    public void A_reference_should_stand_for_the_items_of_a_list()
    {
        var config = ConfigurationFactory.ParseString("a = [1, 2]\nb = ${a} [3]\nc = [0] ${a}\nd = ${a}");

        Assert.Equal([1, 2, 3], config.GetIntList("b"));
        Assert.Equal([0, 1, 2], config.GetIntList("c"));
        Assert.Equal([1, 2], config.GetIntList("d"));
    }

    [Fact]
    public void A_reference_in_a_list_should_be_one_item()
    {
        var config = ConfigurationFactory.ParseString("a = 1\nb = [${a}, 2]");

        Assert.Equal([1, 2], config.GetIntList("b"));
    }

    [Fact]
    public void A_reference_to_null_should_be_text_without_characters()
    {
        var config = ConfigurationFactory.ParseString("a = null\nb = ${a}");

        Assert.Equal("", config.GetString("b"));
    }

    [Fact]
    public void A_reference_should_see_only_its_own_text_and_not_a_fallback()
    {
        var config = ConfigurationFactory.ParseString("a = 1\nb = ${a}");

        var merged = ConfigurationFactory.ParseString("a = 2").WithFallback(config);

        Assert.Equal(2, merged.GetInt("a"));
        Assert.Equal(1, merged.GetInt("b"));
    }

    [Theory]
    [InlineData("b = ${a}")]
    [InlineData("a { c = 1 }\nb = ${a.d}")]
    [InlineData("b = ${PATH}")]
    [InlineData("b = ${a}\nb = 1")]
    [InlineData("x { a = 1\n b = ${a} }")]
    [InlineData("b = ${c.x}\nc = ${a}\na { x = 1 }")]
    public void A_reference_that_leads_nowhere_should_be_rejected(string hocon) =>
        Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString(hocon));

    [Theory]
    [InlineData("b = ${?PATH}")]
    [InlineData("b = 1\nb = ${?PATH}")]
    [InlineData("b = 1\nb = ${?PATH}\n")]
    public void An_optional_reference_should_be_null_and_erase_what_was_there(string hocon) =>
        Assert.Null(ConfigurationFactory.ParseString(hocon).GetString("b"));
}
