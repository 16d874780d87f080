using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Plexum.ActorKernel.Tests.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Configuration;

/// <summary>What the packages do not promise: any text ends in a configuration or a mistake with its place.</summary>
public class HoconRobustnessSpecs
{
    private static readonly Gen<string> Soup = Gen.Elements(
        "a", "b", "a.b", "\"c d\"", "=", ":", "{", "}", "[", "]", ",", "\n", " ", "\t", "# x\n", "//", "1", "null", "\"", "\"\"\"",
        "${a}", "${?b}", "${", "$", "\\", "\\n", "@", "+=", ".", "include", "\r\n", "\0", "é").ListOf().Select(string.Concat);

    [Fact]
    public void Any_text_should_be_read_or_rejected_with_line_and_column() =>
        Prop.ForAll(Soup.ToArbitrary(), hocon => Record.Exception(() => ConfigurationFactory.ParseString(hocon).ToString()) switch
            {
                null => true,
                var mistake => mistake is FormatException or ConfigurationException
                    && mistake.Message.Contains("(line ", StringComparison.Ordinal),
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Any_printed_configuration_should_read_back() =>
        Prop.ForAll(HoconTree.Any, tree =>
            {
                var config = ConfigurationFactory.ParseString(tree.WriteMembers(new Random(1)));

                return HoconTree.From(ConfigurationFactory.ParseString(config.ToString()).Root!).Equals(tree);
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Null_and_absent_references_should_be_printed_as_null()
    {
        var config = ConfigurationFactory.ParseString("a = null\nb = ${?X}\nc = []\nd = \"\"");

        Assert.Equal("  a : null\r\n  b : null\r\n  c : []\r\n  d : \"\"\r\n", config.ToString());
    }
}
