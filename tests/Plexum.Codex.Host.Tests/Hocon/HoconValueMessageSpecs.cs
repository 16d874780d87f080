using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Configuration;

/// <summary>The message of a value that is not of the wanted type names its path and what stands there.</summary>
public class HoconValueMessageSpecs
{
    private static readonly Config Sample = ConfigurationFactory.ParseString(
        "a { word = abc, big = 3000000000, size = 20EiB, none = null, list = [1, x], object { y = 1 } }");

    [Fact]
    public void The_message_should_name_path_value_and_type()
    {
        Expect(() => Sample.GetInt("a.word"), "'a.word' is 'abc', which is not a whole number of 32 bits");
        Expect(() => Sample.GetInt("a.big"), "'a.big' is '3000000000', which is not a whole number of 32 bits");
        Expect(() => Sample.GetDouble("a.word"), "'a.word' is 'abc', which is not a number");
        Expect(() => Sample.GetBoolean("a.word"), "'a.word' is 'abc', which is not a boolean (on, off, true or false)");
        Expect(() => Sample.GetTimeSpan("a.word"), "'a.word' is 'abc', which is not a duration");
        Expect(() => Sample.GetByteSize("a.word"), "'a.word' is 'abc', which is not a size");
        Expect(() => Sample.GetInt("a.none"), "'a.none' is null, which is not");
        Expect(() => Sample.GetInt("a.list"), "'a.list' is a list, which is not");
        Expect(() => Sample.GetTimeSpan("a.object"), "'a.object' is an object, which is not");
        Expect(() => Sample.GetIntList("a.list"), "'a.list[1]' is 'x', which is not");
    }

    [Fact]
    public void A_size_out_of_range_should_overflow_instead_of_wrapping_around() =>
        Assert.Throws<OverflowException>(() => Sample.GetByteSize("a.size"));

    [Fact]
    public void A_missing_list_of_numbers_should_be_named() =>
        Assert.Contains("'a.other'", Assert.Throws<ConfigurationException>(() => Sample.GetIntList("a.other")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_embedded_file_should_be_named()
    {
        var mistake = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.FromResource<HoconValueMessageSpecs>("no.such.file"));

        Assert.Contains("no.such.file", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("Plexum.ActorKernel.Tests", mistake.Message, StringComparison.Ordinal);
    }

    private static void Expect(Func<object?> read, string what) =>
        Assert.Contains(what, Record.Exception(read)?.Message, StringComparison.Ordinal);
}
