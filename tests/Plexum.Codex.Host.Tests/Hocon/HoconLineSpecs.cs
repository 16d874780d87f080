using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Hocon;

/// <summary>Every key knows the line on which it was last set.</summary>
public sealed class HoconLineSpecs
{
    [Theory]
    [InlineData("a = 1", "a", 1)]
    [InlineData("\n\na : 1", "a", 3)]
    [InlineData("\r\n\r\na : 1", "a", 3)]
    [InlineData("a {\n b = 1\n}\nc = 2", "a.b", 2)]
    [InlineData("a {\n b = 1\n}\nc = 2", "a", 1)]
    [InlineData("a {\n b = 1\n}\nc = 2", "c", 4)]
    [InlineData("a.b {\n c = 1 }", "a.b.c", 2)]
    [InlineData("\na.b = 1", "a", 2)]
    [InlineData("a { b = 1, c = 2,\n d = 3 }", "a.d", 2)]
    [InlineData("a { b = 1 } \n a { b = 2 }", "a.b", 2)]
    [InlineData("a { b = 1 } \n a { b = 2 }", "a", 2)]
    [InlineData("a\n=\n1", "a", 1)]
    [InlineData("# { \n // }\n a = 1", "a", 3)]
    [InlineData("a = \"} # {\"\nb = 1", "b", 2)]
    [InlineData("a = \"\"\"\n } {\n\"\"\"\nb = 1", "b", 4)]
    [InlineData("a = [\n { x = 1 },\n \"]\"\n]\nb = 1", "b", 5)]
    [InlineData("\"a\" {\n \"b c\" = 1 }", "a.b c", 2)]
    [InlineData("a {\n \"b.c\" = 1 }", "a.\"b.c\"", 2)]
    [InlineData("x = 1\na = ${x}\nb { c = ${?y}\n d = 1 }", "b.d", 4)]
    public void A_key_is_found_on_its_line(string text, string path, int line) =>
        Assert.Equal(line, HoconDocument.Parse(text).Find(path)?.Line);

    [Fact]
    public void A_merged_key_has_the_line_of_the_upper_document()
    {
        var merged = HoconDocument.Parse("\n\na { b = 1 }").WithFallback(HoconDocument.Parse("a { b = 2,\n c = 3 }"));

        Assert.Equal((3, 3, 2), (merged.Find("a")!.Line, merged.Find("a.b")!.Line, merged.Find("a.c")!.Line));
    }

    [Fact]
    public void Every_key_of_the_built_in_file_has_a_line()
    {
        var builtIn = SettingsSources.BuiltIn();

        Assert.All(builtIn.Keys(SettingsSources.OpenObjects), key =>
            Assert.Contains(", line ", builtIn.Place(key), StringComparison.Ordinal)
        );
    }
}
