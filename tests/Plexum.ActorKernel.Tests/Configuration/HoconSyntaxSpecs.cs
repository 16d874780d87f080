using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>What the text may look like.</summary>
public class HoconSyntaxSpecs
{
    [Theory]
    [InlineData("a.b = 1")]
    [InlineData("a.b : 1")]
    [InlineData("a { b = 1 }")]
    [InlineData("a = { b = 1 }")]
    [InlineData("a : { b : 1, }")]
    [InlineData("{ \"a\" : { \"b\" : 1 } }")]
    [InlineData("  a . b   =   1   ")]
    [InlineData("a\n{\n  b\n  =\n  1\n}\n")]
    [InlineData("a {\r\n  b = 1\r\n}\r\n")]
    [InlineData("\"a\".\"b\" = \"1\"")]
    [InlineData("a.b = \"\"\"1\"\"\"")]
    [InlineData("# first\na { // second\n  b = 1 # third\n  # fourth\n}\n// fifth\n")]
    [InlineData("a.b = 2\na.b = 1")]
    [InlineData("a = 5\na { b = 1 }")]
    [InlineData("a = 5\na.b = 1")]
    [InlineData("a { c = 2 }\na { b = 1 }")]
    [InlineData("a = { c = 2 }\na = { b = 1 }")]
    [InlineData("a = { c = 2 } { b = 1 }")]
    [InlineData("x = { y = 2 }, a = { b = 1 },")]
    public void These_texts_should_all_mean_the_same(string hocon)
    {
        var config = ConfigurationFactory.ParseString(hocon);

        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal("1", config.GetString("a.b"));
        Assert.Equal(1, config.GetConfig("a")!.GetInt("b"));
    }

    [Theory]
    [InlineData("a = hello", "hello")]
    [InlineData("a = hello world  # comment", "hello world")]
    [InlineData("a = 127.0.0.1", "127.0.0.1")]
    [InlineData("a = C/x-y_z~%|<>;'()", "C/x-y_z~%|<>;'()")]
    [InlineData("a = \"  trimmed  \"", "trimmed")]
    [InlineData("a = \"x\" y \"z\"", "x y z")]
    [InlineData("a = \"# no // comment\"", "# no // comment")]
    [InlineData("a = \"\\\" \\\\ \\/ \\n \\t \\u0041\"", "\" \\ / \n \t A")]
    [InlineData("a = \"\"\"C:\\new \"quoted\" \\u0041\"\"\"", "C:\\new \"quoted\" \\u0041")]
    [InlineData("a = \"\"\"one\n  two\"\"\"", "one\n  two")]
    [InlineData("a = \"one\ntwo\"", "one\ntwo")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = null", null)]
    [InlineData("a = \"null\"", null)]
    [InlineData("a = { b = 1 }", null)]
    [InlineData("a = [1]", null)]
    public void A_text_should_be_read(string hocon, string? expected)
    {
        var config = ConfigurationFactory.ParseString(hocon);

        Assert.True(config.HasPath("a"));
        Assert.Equal(expected, config.GetString("a", "default"));
    }
}
