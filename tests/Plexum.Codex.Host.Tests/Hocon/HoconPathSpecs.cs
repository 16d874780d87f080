using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Hocon;

/// <summary>Paths are keys joined with dots.</summary>
public sealed class HoconPathSpecs
{
    [Theory]
    [InlineData("a.b c.d", "a", "b c", "d")]
    [InlineData("a.\"b.c\".d", "a", "b.c", "d")]
    [InlineData("\"\".a", "", "a")]
    [InlineData("\"\\\"\\\\\"", "\"\\")]
    [InlineData("")]
    public void A_path_is_split_into_keys(string path, params string[] keys) => Assert.Equal(keys, HoconPath.Split(path));

    [Fact]
    public void Joined_keys_are_split_again() =>
        Prop.ForAll(Gen.Elements("a", "a.b", "", ".", "\"", "\\", "a b", "\"a\".b", "é").NonEmptyListOf().ToArbitrary(), keys =>
                HoconPath.Split(keys.Aggregate("", HoconPath.Join)).SequenceEqual(keys)
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\"a")]
    [InlineData("a.\"")]
    public void A_path_with_an_open_quote_is_rejected(string path) =>
        Assert.Throws<ArgumentException>(() => HoconDocument.Empty.HasPath(path));
}
