using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>What a value can be read as.</summary>
public class HoconValueSpecs
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        int = -7
        big = 9223372036854775807
        real = 1.5e3
        word = abc
        nothing = null
        object { x = 1 }
        list = [1, 2]
        flags = [on, off, true, false]
        """);

    [Fact]
    public void A_number_should_be_read_as_every_type_that_holds_it()
    {
        Assert.Equal(-7, Sample.GetInt("int"));
        Assert.Equal(-7L, Sample.GetLong("int"));
        Assert.Equal(-7f, Sample.GetFloat("int"));
        Assert.Equal(-7d, Sample.GetDouble("int"));
        Assert.Equal(-7m, Sample.GetDecimal("int"));
        Assert.Equal(long.MaxValue, Sample.GetLong("big"));
        Assert.Equal(1500d, Sample.GetDouble("real"));
        Assert.Equal("-7", Sample.GetString("int"));
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void A_boolean_should_be_read(string text, bool expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString($"a = {text}").GetBoolean("a", !expected));

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    [InlineData("True")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[on]")]
    public void Nothing_else_should_be_a_boolean(string text)
    {
        var config = ConfigurationFactory.ParseString($"a = {text}");

        Assert.Throws<NotSupportedException>(() => config.GetBoolean("a"));
    }

    [Fact]
    public void A_list_should_be_read_as_the_type_of_its_items()
    {
        Assert.Equal([1, 2], Sample.GetIntList("list"));
        Assert.Equal([1L, 2L], Sample.GetLongList("list"));
        Assert.Equal([1f, 2f], Sample.GetFloatList("list"));
        Assert.Equal([1d, 2d], Sample.GetDoubleList("list"));
        Assert.Equal([1m, 2m], Sample.GetDecimalList("list"));
        Assert.Equal(new byte[] { 1, 2 }, Sample.GetByteList("list"));
        Assert.Equal([true, false, true, false], Sample.GetBooleanList("flags"));
        Assert.Equal(["1", "2"], Sample.GetStringList("list"));
    }

    [Fact]
    public void A_missing_path_should_read_as_nothing()
    {
        Assert.False(Sample.HasPath("x"));
        Assert.Null(Sample.GetString("x"));
        Assert.Equal(0, Sample.GetInt("x"));
        Assert.Equal(0L, Sample.GetLong("x"));
        Assert.Equal(0d, Sample.GetDouble("x"));
        Assert.False(Sample.GetBoolean("x"));
        Assert.Equal(TimeSpan.Zero, Sample.GetTimeSpan("x"));
        Assert.Null(Sample.GetByteSize("x"));
        Assert.Empty(Sample.GetStringList("x"));
        Assert.Null(Sample.GetConfig("x"));
        Assert.Null(Sample.GetValue("x"));
    }

    [Fact]
    public void A_missing_path_should_read_as_the_default()
    {
        Assert.Equal("d", Sample.GetString("x.y", "d"));
        Assert.Equal(1, Sample.GetInt("word.y", 1));
        Assert.Equal(2L, Sample.GetLong("x", 2));
        Assert.Equal(3f, Sample.GetFloat("x", 3));
        Assert.Equal(4d, Sample.GetDouble("x", 4));
        Assert.Equal(5m, Sample.GetDecimal("x", 5));
        Assert.True(Sample.GetBoolean("x", true));
        Assert.Equal(TimeSpan.FromSeconds(6), Sample.GetTimeSpan("x", TimeSpan.FromSeconds(6)));
        Assert.Equal(7, Sample.GetByteSize("x", 7));
        Assert.Equal(["e"], Sample.GetStringList("x", ["e"]));
    }

    [Fact]
    public void A_word_should_not_be_a_number()
    {
        Assert.Throws<FormatException>(() => Sample.GetInt("word"));
        Assert.Throws<FormatException>(() => Sample.GetLong("word"));
        Assert.Throws<FormatException>(() => Sample.GetFloat("word"));
        Assert.Throws<FormatException>(() => Sample.GetDouble("word"));
        Assert.Throws<FormatException>(() => Sample.GetDecimal("word"));
        Assert.Throws<FormatException>(() => Sample.GetInt("real"));
        Assert.Throws<FormatException>(() => Sample.GetIntList("flags"));
    }

    [Fact]
    public void A_number_out_of_range_should_overflow()
    {
        Assert.Throws<OverflowException>(() => Sample.GetInt("big"));
        Assert.Throws<OverflowException>(() => ConfigurationFactory.ParseString("a = [256]").GetByteList("a"));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("object")]
    [InlineData("list")]
    public void What_has_no_text_should_not_be_a_number_or_a_duration(string path)
    {
        Assert.True(Sample.HasPath(path));
        Assert.Null(Sample.GetString(path));
        Assert.Throws<ArgumentNullException>(() => Sample.GetInt(path));
        Assert.Throws<ArgumentNullException>(() => Sample.GetDouble(path));
        Assert.Throws<ArgumentNullException>(() => Sample.GetTimeSpan(path));
        Assert.Null(Sample.GetByteSize(path, 1));
    }

    [Fact]
    public void A_section_should_be_a_configuration_of_its_own()
    {
        var config = ConfigurationFactory.ParseString("a.b { c = 1, d.e = 2 }");

        var section = config.GetConfig("a.b")!;

        Assert.Equal(1, section.GetInt("c"));
        Assert.Equal(2, section.GetInt("d.e"));
        Assert.Equal(["c", "d"], section.AsEnumerable().Select(entry => entry.Key));
    }

    [Fact]
    public void A_section_should_be_movable_under_another_key()
    {
        var section = ConfigurationFactory.ParseString("a { b = 1 }").GetConfig("a")!;

        var moved = section.Root!.AtKey("x.y");

        Assert.Equal(1, moved.GetInt("\"x.y\".b"));
    }

    [Fact]
    public void The_kind_of_a_value_should_be_told()
    {
        Assert.True(Sample.GetValue("word")!.IsString());
        Assert.True(Sample.GetValue("nothing")!.IsString());
        Assert.True(Sample.GetValue("list")!.IsArray());
        Assert.False(Sample.GetValue("list")!.IsString());
        Assert.True(Sample.GetValue("object")!.IsObject());
        Assert.False(Sample.GetValue("object")!.IsArray());
        Assert.Equal("1", Sample.GetValue("object")!.GetObject()!.GetKey("x")!.GetString());
        Assert.Equal("1", Sample.GetValue("object")!.GetChildObject("x")!.GetString());
        Assert.Null(Sample.GetValue("word")!.GetChildObject("x"));
    }

    [Fact]
    public void A_text_should_be_usable_as_a_configuration()
    {
        Config config = "a.b = 1";

        Assert.Equal(1, config.GetInt("a.b"));
    }

    [Fact]
    public void A_path_with_an_open_quote_should_be_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.HasPath("\"a"));

    [Fact]
    public void A_configuration_without_a_root_should_be_empty_and_refuse_to_be_read()
    {
        var config = new Config();

        Assert.True(config.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => config.GetInt("a"));
    }
}
