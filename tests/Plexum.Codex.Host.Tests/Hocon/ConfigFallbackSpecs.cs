using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>Merging.</summary>
public class ConfigFallbackSpecs
{
    [Fact]
    public void The_upper_value_should_win_and_the_lower_one_should_complete()
    {
        var config = Parse("a { b = 1, o { x = 1 } }").WithFallback(Parse("a { b = 2, c = 3, o { x = 2, y = 4 } }"));

        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal(3, config.GetInt("a.c"));
        Assert.Equal(1, config.GetInt("a.o.x"));
        Assert.Equal(4, config.GetInt("a.o.y"));
    }

    [Fact]
    public void A_section_should_be_merged_too()
    {
        var config = Parse("a.b.x = 1").WithFallback(Parse("a.b { x = 2, y = 3 }")).WithFallback(Parse("a.b.z = 4"));

        var section = config.GetConfig("a.b")!;

        Assert.Equal(1, section.GetInt("x"));
        Assert.Equal(3, section.GetInt("y"));
        Assert.Equal(4, section.GetInt("z"));
        Assert.Equal(4, config.GetConfig("a")!.GetConfig("b")!.GetInt("z"));
    }

    [Fact]
    public void The_order_of_merging_should_not_matter_for_what_wins()
    {
        var (first, second, third) = (Parse("x = 1"), Parse("x = 2, y = 2"), Parse("x = 3, y = 3, z = 3"));

        var left = first.WithFallback(second).WithFallback(third);
        var right = first.WithFallback(second.WithFallback(third));

        Assert.All([left, right], config => Assert.Equal((1, 2, 3), (config.GetInt("x"), config.GetInt("y"), config.GetInt("z"))));
    }

    [Fact]
    public void A_value_and_an_object_should_not_be_mixed()
    {
        var text = Parse("a.b = 1");
        var section = Parse("a.b.c = 2");

        Assert.Equal(1, text.WithFallback(section).GetInt("a.b"));
        Assert.Equal(2, section.WithFallback(text).GetInt("a.b.c"));
    }

    [Fact]
    public void A_section_below_a_hidden_one_should_still_be_found()
    {
        var config = Parse("a = 1").WithFallback(Parse("a.b.c = 2"));

        Assert.False(config.HasPath("a.b"));
        Assert.Equal(2, config.GetConfig("a.b")!.GetInt("c"));
    }

    [Fact]
    public void A_list_should_replace_a_list()
    {
        var config = Parse("a = [1]").WithFallback(Parse("a = [2, 3]"));

        Assert.Equal([1], config.GetIntList("a"));
    }

    [Fact]
    public void Null_should_hide_the_lower_value()
    {
        var config = Parse("a = null").WithFallback(Parse("a = 1"));

        Assert.True(config.HasPath("a"));
        Assert.Null(config.GetString("a", "default"));
    }

    [Fact]
    public void Merging_should_leave_both_as_they_were()
    {
        var upper = Parse("a { b = 1 }");
        var lower = Parse("a { c = 2 }");

        upper.WithFallback(lower);

        Assert.False(upper.HasPath("a.c"));
        Assert.False(lower.HasPath("a.b"));
    }

    [Fact]
    public void Nothing_to_add_should_give_the_same_configuration()
    {
        var config = Parse("a { b = 1, c = [1, 2] }");

        Assert.Same(config, config.WithFallback(null));
        Assert.Same(config, config.WithFallback(Config.Empty));
        Assert.Same(config, config.WithFallback(Parse("a { b = 1 }")));
        Assert.Same(config, config.WithFallback(Parse("a.c = [2]")));
        Assert.NotSame(config, config.WithFallback(Parse("a { b = 2 }")));
    }

    [Fact]
    public void An_empty_configuration_should_give_way_to_its_fallback()
    {
        var config = Parse("a = 1");

        Assert.Same(config, Config.Empty.WithFallback(config));
        Assert.Same(config, new Config().WithFallback(config));
    }

    [Fact]
    public void A_configuration_should_not_be_its_own_fallback()
    {
        var config = Parse("a = 1");

        Assert.Throws<ArgumentException>(() => config.WithFallback(config));
    }

    [Fact]
    public void The_safe_variant_should_take_null_and_itself()
    {
        var config = Parse("a = 1");
        Config? none = null;

        Assert.Same(config, none.SafeWithFallback(config));
        Assert.Same(config, config.SafeWithFallback(none));
        Assert.Same(config, config.SafeWithFallback(config));
        Assert.Equal(2, config.SafeWithFallback(Parse("b = 2"))!.GetInt("b"));
        Assert.True(none.IsNullOrEmpty());
        Assert.False(config.IsNullOrEmpty());
    }

    [Fact]
    public void The_fallback_should_be_known_and_shown_only_when_asked_for()
    {
        var lower = Parse("b = 2");
        var config = Parse("a = 1").WithFallback(lower);

        Assert.Same(lower, config.Fallback);
        Assert.Equal("  a : 1\r\n", config.ToString());
        Assert.Equal("  a : 1\r\n", config.ToString(false));
        Assert.Equal("  b : 2\r\n  a : 1\r\n", config.ToString(true));
        Assert.Equal(["b", "a"], config.AsEnumerable().Select(entry => entry.Key));
    }

    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);
}
