using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Json;

public sealed class JsonCursorSpecs
{
    private static readonly string[] Fragments =
    [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        " ",
        "\t",
        "\r",
        "\0",
        "\u0001",
        "\u007f",
        "\uFEFF",
        "é",
        "😀",
        "//",
        "/**/",
        "\\",
        "\\n",
        "\\x",
        "\\u",
        "\\u12",
        "\\u00e9",
        "\\uD83D",
        "\\/",
        "\"a\"",
        "\"a\":",
        "\"\\u0061\":",
        "\"\"",
        "0",
        "00",
        "-",
        "-0",
        "1",
        "12",
        ".",
        ".5",
        "1.",
        "1.5",
        "e",
        "1e",
        "1e5",
        "1E+5",
        "1e-",
        "+1",
        "NaN",
        "true",
        "false",
        "null",
        "tru",
        "nullx",
        "{}",
        "[]",
        "[1,2]",
        "{\"a\":1}",
        "[1,]",
        "{\"a\":1,}",
        "{,}",
    ];

    [Fact]
    public void A_cursor_takes_and_refuses_what_the_standard_reader_takes_and_refuses()
    {
        var texts = Gen.OneOf(Gen.Elements(Fragments).ArrayOf().Select(string.Concat), Gen.Sized(Value));
        Prop.ForAll(texts.ToArbitrary(), text =>
            {
                var json = Encoding.UTF8.GetBytes(text);
                return Takes(json) == StandardTakes(json);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(30));
    }

    [Fact]
    public void A_cursor_takes_what_is_cut_anywhere_only_where_the_standard_reader_does()
    {
        var json = """ {"a" : [1, -2.5e+3, "x\n\u00e9", {"b":null,"c":[true,false]}], "d":{}} """u8.ToArray();
        for (var length = 0; length <= json.Length; length++)
        {
            Assert.Equal(StandardTakes(json[..length]), Takes(json[..length]));
        }

        Assert.True(Takes(json));
    }

    [Theory]
    [InlineData(JsonCursor.MaxDepth, true)]
    [InlineData(JsonCursor.MaxDepth + 1, false)]
    [InlineData(1_000_000, false)]
    public void A_cursor_goes_as_deep_as_it_says(int depth, bool taken)
    {
        var json = Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth));

        Assert.Equal(taken, Takes(json));
        Assert.Equal(taken, StandardTakes(json));
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData(" 0 ", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", 0)]
    [InlineData("-1", 0)]
    [InlineData("1.5", 0)]
    [InlineData("1e3", 0)]
    [InlineData("\"7\"", 0)]
    [InlineData("[7]", 0)]
    [InlineData("null", 0)]
    public void A_count_is_a_whole_number_or_nothing(string json, long expected)
    {
        var cursor = new JsonCursor(Encoding.ASCII.GetBytes(json));

        Assert.True(cursor.TakeCount(out var number));
        Assert.Equal(expected, number);
        Assert.True(cursor.AtEnd());
    }

    [Fact]
    public void After_a_mistake_every_call_says_false()
    {
        var cursor = new JsonCursor("{\"a\" 1}"u8);

        Assert.True(cursor.EnterObject());
        Assert.False(cursor.NextMember(out _));
        Assert.True(cursor.Failed);
        Assert.False(cursor.NextMember(out _));
        Assert.False(cursor.SkipValue());
        Assert.False(cursor.TakeString(out _));
        Assert.False(cursor.TakeCount(out _));
        Assert.False(cursor.AtEnd());
    }

    private static Gen<string> Value(int size) =>
        size <= 1
            ? Gen.Elements("1", "-0.5e1", "\"a\\nb\"", "null", "true", "{}", "[]", "01", "\"")
            : Gen.OneOf(
                Value(size / 3).ArrayOf(2).Select(items => $"[{string.Join(" , ", items)}]"),
                Value(size / 3).ArrayOf(2).Select(items => $"{{{string.Join(",", items.Select(item => $"\"k\": {item}"))}}}"),
                Value(size / 2).Select(item => $" {item}\r")
            );

    private static bool Takes(byte[] json)
    {
        var cursor = new JsonCursor(json);
        return cursor.SkipValue() && cursor.AtEnd();
    }

    private static bool StandardTakes(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonCursor.MaxDepth });
            while (reader.Read()) { }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
