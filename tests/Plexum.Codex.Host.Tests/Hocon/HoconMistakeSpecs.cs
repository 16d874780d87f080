using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.Configuration;

/// <summary>What is rejected, and with which exception.</summary>
public class HoconMistakeSpecs
{
    [Theory]
    [InlineData("a { b = 1 }, c = 2\n")]
    [InlineData("a = 1,, b = 2\n")]
    [InlineData("a = 1\n, b = 2\n")]
    [InlineData(", a = 1\n")]
    [InlineData("a = user@host\n")]
    [InlineData("a = what?\n")]
    [InlineData("a = $x\n")]
    [InlineData("a = `x`\n")]
    [InlineData("a = C:\\temp\n", true)]
    [InlineData("a = *\n")]
    [InlineData("a = \"\\x\"\n")]
    [InlineData("a = \"\\u12\"\n")]
    [InlineData("a = \"\\u12zz\"\n")]
    [InlineData("\"a\\qb\" = 1\n")]
    [InlineData("a = 1 #")]
    [InlineData("a =")]
    [InlineData("a = http://host\n", true)]
    [InlineData("a = [akka.tcp://system@host:1]\n", true)]
    [InlineData("a = b c=d\n", true)]
    public void This_text_should_be_rejected(string hocon, bool unquotedAssignment = false)
    {
        var mistake = Record.Exception(() => ConfigurationFactory.ParseString(hocon));

        Assert.Equal(unquotedAssignment ? typeof(ConfigurationException) : typeof(FormatException), mistake?.GetType());
    }

    [Fact]
    public void A_missing_section_should_be_named()
    {
        Assert.Contains("HoconMistakeSpecs", ConfigurationException.NullOrEmptyConfig<HoconMistakeSpecs>().Message, StringComparison.Ordinal);
        Assert.Contains("`a.b`", ConfigurationException.NullOrEmptyConfig<HoconMistakeSpecs>("a.b").Message, StringComparison.Ordinal);
    }
}
