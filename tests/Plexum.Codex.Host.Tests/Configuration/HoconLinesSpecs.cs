namespace Plexum.Codex.Host.Configuration;

public sealed class HoconLinesSpecs
{
    [Theory]
    [InlineData("a = 1", "a", 1)]
    [InlineData("\n\na : 1", "a", 3)]
    [InlineData("a {\n b = 1\n}\nc = 2", "a.b", 2)]
    [InlineData("a {\n b = 1\n}\nc = 2", "c", 4)]
    [InlineData("a.b {\n c = 1 }", "a.b.c", 2)]
    [InlineData("a { b = 1, c = 2,\n d = 3 }", "a.d", 2)]
    [InlineData("a { b = 1 } \n a { b = 2 }", "a.b", 2)]
    [InlineData("# { \n // }\n a = 1", "a", 3)]
    [InlineData("a = \"} # {\"\nb = 1", "b", 2)]
    [InlineData("a = \"\"\"\n } {\n\"\"\"\nb = 1", "b", 4)]
    [InlineData("a = [\n { x = 1 },\n \"]\"\n]\nb = 1", "b", 5)]
    [InlineData("\"a\" {\n \"b c\" = 1 }", "a.b c", 2)]
    [InlineData("a = http://x/y\nb = 1", "b", 2)]
    [InlineData("a = {\n b = 1\n}\nc += 2", "c", 4)]
    [InlineData("a = ${x}\nb { c = ${?y}\n d = 1 }", "b.d", 3)]
    public void A_key_is_found_on_its_line(string text, string key, int line) => Assert.Equal(line, HoconLines.Of(text).GetValueOrDefault(key));

    [Fact]
    public void Every_key_of_the_built_in_file_has_a_line()
    {
        var builtIn = SettingsSources.BuiltIn();

        Assert.All(builtIn.Keys(SettingsSources.OpenObjects), key => Assert.Contains(", line ", builtIn.Place(key), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("a = \"\\")]
    [InlineData("}}]]{")]
    [InlineData("/")]
    [InlineData("\"\"\"x")]
    public void Damaged_text_does_no_harm(string text) => Assert.DoesNotContain(HoconLines.Of(text), key => key.Value != 1);
}
