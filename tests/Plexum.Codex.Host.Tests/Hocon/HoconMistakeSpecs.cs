namespace Plexum.Codex.Host.Hocon;

/// <summary>
/// The message of a mistake says where it is and what should stand there. Akka's own parser accepts most of these texts in silence
/// and loses a part of them.
/// </summary>
public sealed class HoconMistakeSpecs
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
    [InlineData("a += 1", 1, 3, "'+=' is not supported")]
    [InlineData("\"a\" += 1", 1, 5, "'+=' is not supported")]
    [InlineData("include \"other.conf\"", 1, 1, "'include' is not supported")]
    [InlineData("a { include \"other.conf\" }", 1, 5, "'include' is not supported")]
    [InlineData("\"a", 1, 1, "is not closed")]
    // Values
    [InlineData("a =\n", 2, 1, "a value for 'a', but found the end of the text")]
    [InlineData("a { b = }", 1, 9, "a value for 'b', but found '}'")]
    [InlineData("a = , b = 1", 1, 5, "a value for 'a', but found ','")]
    [InlineData("a = user@host", 1, 9, "a key, but found '@', which is allowed only in quoted text")]
    [InlineData("a =\n  \"one\n", 2, 3, "is not closed")]
    [InlineData("a = \"\"\"one\"\"\n", 1, 5, "is not closed")]
    [InlineData("a = \"b\\q\"", 1, 7, "Unknown escape \\q")]
    [InlineData("a = \"\\u12\"", 1, 6, "four hexadecimal digits")]
    [InlineData("a = 1 {}", 1, 7, "An object cannot be joined to text")]
    [InlineData("a = {} 1", 1, 8, "Text cannot be joined to an object")]
    [InlineData("a = [1] x", 1, 9, "Text cannot be joined to a list")]
    [InlineData("a = x [1]", 1, 7, "A list cannot be joined to text")]
    [InlineData("a = {} [1]", 1, 8, "A list cannot be joined to an object")]
    [InlineData("a { x = 1 }\na = [1]", 2, 5, "A list cannot be joined to the object that is already there")]
    // Brackets
    [InlineData("a {\n  b = 1\n", 3, 1, "'}' for the '{' at line 1, column 3, but found the end of the text")]
    [InlineData("{ a = 1", 1, 8, "'}' for the '{' at line 1, column 1")]
    [InlineData("a = 1\n}\nb = 2", 2, 1, "a key, but found '}'")]
    [InlineData("{ a = 1 } b = 2", 1, 11, "nothing after the final '}'")]
    [InlineData("a = [1,\n  2\n", 3, 1, "']' for the '[' at line 1, column 5, but found the end of the text")]
    [InlineData("a = [1,,2]", 1, 8, "a value or ']'")]
    [InlineData("a = [1\n, 2]", 2, 1, "a value or ']'")]
    [InlineData("a = [user@host]", 1, 10, "found '@'")]
    [InlineData("a = [1}", 1, 7, "found '}'")]
    // References
    [InlineData("a = 1\nb = x ${c.d}", 2, 7, "Unresolved substitution: the text does not define c.d")]
    [InlineData("a = ${ b }", 1, 7, "a path without quotes or blanks after '${', but found ' '")]
    [InlineData("a = ${\"b\"}", 1, 7, "a path without quotes or blanks")]
    [InlineData("b = 1\na = ${b\n", 2, 8, "'}' after the path 'b', but found the end of the line")]
    [InlineData("b { x = 1 }\na = ${b} { y = 2 }", 2, 10, "An object cannot be joined to a reference")]
    [InlineData("b { x = 1 }\na = { y = 2 } ${b}", 2, 15, "A reference cannot be joined to an object")]
    [InlineData("a = ${a}", 1, 5, "refers to itself")]
    [InlineData("a = x ${b}\nb = [${c}]\nc = ${a}", 3, 5, "refers to itself")]
    [InlineData("a = ${b}\nb = ${b}", 2, 5, "refers to itself")]
    [InlineData("a { b = ${a} }", 1, 9, "refers to itself")]
    [InlineData("a = ${b}\nb = ${a}\nc = ${a.x}", 2, 5, "refers to itself")]
    [InlineData("a = ${?a} 1", 1, 5, "refers to itself")]
    [InlineData("a = [1]\nb = x ${a}", 2, 7, "The value of a cannot be joined")]
    [InlineData("a { x = 1 }\nb = ${a} x", 2, 5, "The value of a cannot be joined")]
    [InlineData("a { x = 1 }\nb = ${a} ${a}", 2, 5, "The value of a cannot be joined")]
    [InlineData("a { x = 1 }\nb = [${a} [1]]", 2, 6, "The value of a cannot be joined")]
    // Texts of one line
    [InlineData("a { b = 1 }, c = 2\n", 1, 12, "a key, but found ','")]
    [InlineData("a = 1,, b = 2\n", 1, 7, "a key, but found ','")]
    [InlineData("a = 1\n, b = 2\n", 2, 1, "a key, but found ','")]
    [InlineData("a = what?\n", 1, 9, "'?', which is allowed only in quoted text")]
    [InlineData("a = $x\n", 1, 5, "'$', which is allowed only in quoted text")]
    [InlineData("a = C:\\temp\n", 1, 6, "Unquoted text cannot contain ':'")]
    [InlineData("a = http://host\n", 1, 9, "Unquoted text cannot contain ':'")]
    [InlineData("a = b c=d\n", 1, 8, "Unquoted text cannot contain '='")]
    [InlineData("a = [x=1]", 1, 7, "put a URL in double quotes")]
    [InlineData("\"a\\qb\" = 1\n", 1, 3, "Unknown escape \\q")]
    [InlineData("a = \"\\u12zz\"\n", 1, 6, "four hexadecimal digits")]
    public void A_mistake_is_reported_with_its_place(string hocon, int line, int column, string what)
    {
        var mistake = Assert.Throws<HoconException>(() => HoconDocument.Parse(hocon));

        Assert.Contains(what, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(line {line}, column {column}).", mistake.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
    }

    [Theory]
    [InlineData("a = ", "[")]
    [InlineData("a = ", "{ a = ")]
    [InlineData("", "a.")]
    public void Depth_without_end_is_reported_and_does_not_exhaust_the_stack(string start, string deeper)
    {
        var hocon = start + string.Concat(Enumerable.Repeat(deeper, 100_000));

        var mistake = Assert.Throws<HoconException>(() => HoconDocument.Parse(hocon));

        Assert.Contains("levels deep", mistake.Message, StringComparison.Ordinal);
    }
}
