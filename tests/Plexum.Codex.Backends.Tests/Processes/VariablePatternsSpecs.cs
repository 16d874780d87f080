using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Processes;

public sealed class VariablePatternsSpecs
{
    [Theory]
    [InlineData("TOKEN", "TOKEN", true)]
    [InlineData("TOKEN", "token", true)]
    [InlineData("TOKEN", "MY_TOKEN", false)]
    [InlineData("*_TOKEN", "GH_TOKEN", true)]
    [InlineData("*_TOKEN", "GH_TOKENS", false)]
    [InlineData("AWS_*", "aws_region", true)]
    [InlineData("AWS_*", "AWS", false)]
    [InlineData("*SECRET*", "XSECRETIVE", true)]
    [InlineData("A?C", "ABC", true)]
    [InlineData("A?C", "AC", false)]
    [InlineData("*", "ANYTHING", true)]
    public void A_pattern_matches_as_codex_s_do(string pattern, string name, bool expected) =>
        Assert.Equal(expected, VariablePatterns.Of(pattern).Match(name));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("A[BC]")]
    [InlineData("A{B,C}")]
    [InlineData("!A")]
    [InlineData("A|B")]
    [InlineData("^A$")]
    [InlineData("A B")]
    [InlineData("A=1")]
    [InlineData("A\\*")]
    [InlineData("ÄRGER_*")]
    public void A_pattern_that_codex_would_take_literally_is_refused(string pattern)
    {
        Assert.NotNull(VariablePatterns.WhyNot(pattern));
        Assert.Throws<ArgumentException>(() => VariablePatterns.Of("FINE", pattern));
    }

    [Fact]
    public void A_name_matches_what_was_made_from_it()
    {
        var made =
            from length in Gen.Choose(1, 12)
            from letters in Gen.Elements("AB_1.x-".ToCharArray()).ListOf(length)
            from kept in Gen.Choose(0, length)
            select (Name: string.Concat(letters), Kept: kept);

        Prop.ForAll(made.ToArbitrary(), given =>
            {
                var (name, kept) = given;
                return VariablePatterns.Of(name.ToUpperInvariant()).Match(name)
                    && VariablePatterns.Of(name[..kept] + "*").Match(name)
                    && VariablePatterns.Of("*" + name[kept..]).Match(name)
                    && VariablePatterns.Of(name[..kept] + "*" + name[kept..]).Match(name)
                    && VariablePatterns.Of(new string('?', name.Length)).Match(name)
                    && !VariablePatterns.Of(new string('?', name.Length + 1)).Match(name)
                    && !VariablePatterns.None.Match(name);
            })
            .QuickCheckThrowOnFailure();
    }
}
