using Akka.Configuration;
using Xunit;

namespace Plexum.ActorKernel.Tests.KernelOnly.Configuration;

/// <summary>
/// The message of a mistake says where it is and what should stand there. Most of these texts the packages read
/// without a word, and lose a part of them.
/// </summary>
public class HoconMistakePlaceSpecs
{
    [Theory]
    // Keys
    [InlineData("a", 1, 2, "after the key 'a', but found the end of the text")]
    [InlineData("a = 1\nb\nc = 2", 2, 2, "after the key 'b', but found the end of the line")]
    [InlineData("a = 1\n  b  \r\nc = 2", 2, 6, "after the key 'b', but found the end of the line")]
    [InlineData("a \"b\" = 1", 1, 3, "after the key 'a', but found '\"'")]
    [InlineData("a ] = 1", 1, 3, "after the key 'a', but found ']'")]
    [InlineData("a..b = 1", 1, 3, "a key after the dot, but found '.'")]
    [InlineData("a. = 1", 1, 4, "a key after the dot, but found '='")]
    [InlineData(".a = 1", 1, 1, "a key, but found '.'")]
    [InlineData("= 1", 1, 1, "a key, but found '='")]
    [InlineData("[1]", 1, 1, "a key, but found '['")]
    [InlineData("a = 1 b = 2", 1, 9, "a key, but found '='")]
    [InlineData("a += 1", 1, 3, "'+=' cannot be read")]
    [InlineData("\"a\" += 1", 1, 5, "'+=' cannot be read")]
    [InlineData("include \"other.conf\"", 1, 1, "'include' cannot be read")]
    [InlineData("a { include \"other.conf\" }", 1, 5, "'include' cannot be read")]
    [InlineData("\"a", 1, 1, "is not closed")]
    // Values
    [InlineData("a =\n", 2, 1, "a value for 'a', but found the end of the text")]
    [InlineData("a { b = }", 1, 9, "a value for 'b', but found '}'")]
    [InlineData("a = , b = 1", 1, 5, "a value for 'a', but found ','")]
    [InlineData("a = user@host", 1, 9, "a key, but found '@', which stands only in quoted text")]
    [InlineData("a =\n  \"one\n", 2, 3, "is not closed")]
    [InlineData("a = \"\"\"one\"\"\n", 1, 5, "is not closed")]
    [InlineData("a = \"b\\q\"", 1, 7, "Unknown escape code: q")]
    [InlineData("a = \"\\u12\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = 1 //", 1, 7, "needs a line break behind it")]
    [InlineData("a = 1 {}", 1, 7, "an object cannot be joined to text")]
    [InlineData("a = {} 1", 1, 8, "text cannot be joined to an object")]
    [InlineData("a = [1] x", 1, 9, "text cannot be joined to a list")]
    [InlineData("a = x [1]", 1, 7, "a list cannot be joined to text")]
    [InlineData("a = {} [1]", 1, 8, "a list cannot be joined to an object")]
    [InlineData("a { x = 1 }\na = [1]", 2, 5, "a list cannot be joined to the object that stands there already")]
    // Brackets
    [InlineData("a {\n  b = 1\n", 3, 1, "'}' for the '{' at line 1, column 3, but found the end of the text")]
    [InlineData("{ a = 1", 1, 8, "'}' for the '{' at line 1, column 1")]
    [InlineData("a = 1\n}\nb = 2", 2, 1, "a key, but found '}'")]
    [InlineData("{ a = 1 } b = 2", 1, 11, "nothing after the '}'")]
    [InlineData("a = [1,\n  2\n", 3, 1, "']' for the '[' at line 1, column 5, but found the end of the text")]
    [InlineData("a = [1,,2]", 1, 8, "a value or ']'")]
    [InlineData("a = [1\n, 2]", 2, 1, "a value or ']'")]
    [InlineData("a = [user@host]", 1, 10, "found '@'")]
    [InlineData("a = [1}", 1, 7, "found '}'")]
    [InlineData("a = [ ]", 1, 5, "An empty list is written []")]
    // References
    [InlineData("a = 1\nb = x ${c.d}", 2, 7, "Unresolved substitution: c.d")]
    [InlineData("a = ${ b }", 1, 7, "a path without quotes and blanks after '${', but found ' '")]
    [InlineData("a = ${\"b\"}", 1, 7, "a path without quotes and blanks")]
    [InlineData("b = 1\na = ${b\n", 2, 8, "'}' after the path 'b', but found the end of the line")]
    [InlineData("b { x = 1 }\na = ${b} { y = 2 }", 2, 10, "an object cannot be joined to a reference")]
    [InlineData("b { x = 1 }\na = { y = 2 } ${b}", 2, 15, "a reference cannot be joined to an object")]
    [InlineData("a = ${a}", 1, 5, "leads back to itself")]
    [InlineData("a = x ${b}\nb = [${c}]\nc = ${a}", 1, 7, "leads back to itself")]
    [InlineData("a = ${b}\nb = ${b}", 2, 5, "leads back to itself")]
    [InlineData("a { b = ${a} }", 1, 9, "leads back to itself")]
    public void A_mistake_should_be_reported_with_its_place(string hocon, int line, int column, string what)
    {
        var mistake = Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString(hocon));

        Assert.Contains(what, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(line {line}, column {column}).", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = 1\nb = akka.tcp://host\n", 2, 13)]
    [InlineData("a = [x=1]", 1, 7)]
    public void An_assignment_in_unquoted_text_should_be_reported_with_its_place(string hocon, int line, int column)
    {
        var mistake = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(hocon));

        Assert.Contains("double quotes", mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(line {line}, column {column}).", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{ a = ")]
    public void Brackets_without_end_should_be_reported_and_not_exhaust_the_stack(string bracket)
    {
        var hocon = "a = " + string.Concat(Enumerable.Repeat(bracket, 100_000));

        var mistake = Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString(hocon));

        Assert.Contains("brackets are open", mistake.Message, StringComparison.Ordinal);
    }
}
