namespace Plexum.Codex.Host.Configuration;

/// <summary>
/// What the user says below <c>akka</c> gets to Akka only through our own reader, since Akka's accepts damaged text in silence.
/// </summary>
public sealed class AkkaSectionSpecs : IDisposable
{
    private readonly ProfileOfTest _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void The_sections_of_all_sources_are_merged_and_nothing_else_goes_along()
    {
        _test.WriteSettings("akka { actor { ask-timeout = 7s, x = [1, 2] }\n y = 1 }\nplexum.turns.timeout = 1m");

        var akka = _test.Load("akka.actor.ask-timeout=8s", "akka.actor.\"a.b\"=${x} # no comment").Akka;

        Assert.Equal("8s", akka.GetString("akka.actor.ask-timeout"));
        Assert.Equal("${x} # no comment", akka.GetString("akka.actor.\"a.b\""));
        Assert.Equal(["1", "2"], akka.GetStringList("akka.actor.x"));
        Assert.Equal(1, akka.GetInt("akka.y"));
        Assert.False(akka.HasPath("plexum"));
    }

    [Fact]
    public void Without_a_section_nothing_goes_to_Akka() => Assert.True(_test.Load().Akka.IsEmpty);

    [Fact]
    public void Akka_cannot_be_given_a_value()
    {
        _test.WriteSettings("# all of it\nakka = off");

        Assert.Equal([$"{_test.Profile.SettingsFile}, line 2: akka must be a section, with its keys in braces."], _test.Problems());
    }

    [Theory]
    [InlineData(
        "akka.loggers = [\"a\",\n",
        2,
        1,
        "Expected a value or ']' for the '[' at line 1, column 16, but found the end of the text"
    )]
    [InlineData("akka {\n  include \"other.conf\"\n}\n", 2, 3, "'include' is not supported; copy the other file's keys here")]
    [InlineData("akka { b = 1", 1, 13, "Expected '}' for the '{' at line 1, column 6, but found the end of the text")]
    [InlineData("akka.a = }", 1, 10, "Expected a value for 'a', but found '}'")]
    [InlineData("akka {\n  = 1\n}", 2, 3, "Expected a key or '}', but found '='")]
    [InlineData(
        "plexum.codex.extra-args = [\"a\"",
        1,
        31,
        "Expected a value or ']' for the '[' at line 1, column 27, but found the end of the text"
    )]
    [InlineData("include \"other.conf\"", 1, 1, "'include' is not supported; copy the other file's keys here")]
    [InlineData("plexum { b = 1", 1, 15, "Expected '}' for the '{' at line 1, column 8, but found the end of the text")]
    [InlineData("plexum = }", 1, 10, "Expected a value for 'plexum', but found '}'")]
    [InlineData("= 1", 1, 1, "Expected a key, but found '='")]
    public void What_Akka_would_misread_is_one_sentence_with_its_place(string text, int line, int column, string what)
    {
        _test.WriteSettings(text);

        Assert.Equal([$"{_test.Profile.SettingsFile}: {what} (line {line}, column {column})."], _test.Problems());
    }

    [Theory]
    [InlineData("akka.x=[1")]
    [InlineData("akka.x=}")]
    public void The_value_of_an_assignment_is_only_text(string assignment) =>
        Assert.Equal(assignment[7..], _test.Load(assignment).Akka.GetString("akka.x"));

    [Theory]
    [InlineData("\"x=1")]
    [InlineData("akka.\"x=1")]
    [InlineData("akka { include=1")]
    [InlineData("akka..x=1")]
    public void A_damaged_key_of_an_assignment_is_a_problem(string assignment) =>
        Assert.StartsWith("--set ", Assert.Single(_test.Problems(assignment)), StringComparison.Ordinal);
}
