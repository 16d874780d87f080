using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Molecule.Platform;

public class A2aTextSpecs
{
    [Fact]
    public void Multipart_text_becomes_one_text_without_anything_between_its_parts() =>
        Assert.Equal(
            "ab",
            Of(
                """{"request_body":{"params":{"message":{"parts":[{"kind":"text","text":"a"},"""
                    + """{"kind":"file","text":"x"},{"type":"text","text":"b"}]}}}}"""
            )
        );

    [Theory]
    [InlineData(
        """{"params":{"message":{"parts":[{"kind":"file"}]},"parts":[{"kind":"text","text":"second"}]}"""
            + ""","parts":[{"kind":"text","text":"third"}]}""",
        "second"
    )]
    [InlineData("""{"params":{"message":7},"parts":[{"kind":"text","text":"third"}]}""", "third")]
    [InlineData("""{"params":{"message":{"parts":[{"kind":"text","text":"first"}]},"parts":[{"kind":"text","text":"second"}]}}""", "first")]
    public void The_first_place_that_has_text_counts(string body, string text) =>
        Assert.Equal(text, Of($$"""{"summary":"s","request_body":{{body}}}"""));

    [Fact]
    public void A_request_of_millions_of_values_is_not_read()
    {
        var body = $"[{string.Concat(Enumerable.Repeat("1,", PlatformJson.MaxValues))}1]";

        Assert.Equal("said hello", Of(JsonSerializer.Serialize(new { summary = "said hello", request_body = body })));
    }

    [Fact]
    public void A_request_is_also_read_when_it_stands_in_a_string() =>
        Assert.Equal(
            "hi \u00e9",
            Of(JsonSerializer.Serialize(new { request_body = """{"parts":[{"kind":"text","text":"hi \u00e9"}]}""" }))
        );

    [Theory]
    [InlineData("""{"summary":"said hello","request_body":null}""", "said hello")]
    [InlineData("""{"summary":"said hello","request_body":"{broken"}""", "said hello")]
    [InlineData("""{"summary":"said hello","request_body":"\"{}\""}""", "said hello")]
    [InlineData("""{"summary":"said hello","request_body":{"parts":[{"kind":"text","text":7},"text",null]}}""", "said hello")]
    [InlineData("""{"summary":null}""", A2aText.Nothing)]
    [InlineData("[]", A2aText.Nothing)]
    public void A_row_without_text_falls_back_to_its_summary(string row, string text) => Assert.Equal(text, Of(row));

    [Fact]
    public void What_is_no_character_is_shown_as_such()
    {
        byte[] row = [.. """{"parts":[{"kind":"text","text":"a"""u8, 0xFF, 0xC3, .. "\\ud800b\"}]}"u8];
        using var json = JsonDocument.Parse(row, PlatformJson.Options);

        Assert.Equal("a\uFFFD\uFFFD\uFFFDb", A2aText.OfBody(json.RootElement));
    }

    [Fact]
    public void A_deeply_nested_body_is_read()
    {
        var deep = new string('[', 5_000) + "1" + new string(']', 5_000);

        Assert.Equal("x", Of("""{"request_body":{"parts":[{"kind":"text","text":"x"}],"metadata":""" + deep + "}}"));
    }

    [Fact]
    public void Whatever_the_parts_are_those_of_text_are_joined_and_the_others_left_out()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(string Text, int Kind)[]>(), given =>
            {
                var parts = given
                    .Select(part =>
                        (Text: "t" + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(part.Text ?? "")), Kind: Math.Abs(part.Kind % 3))
                    )
                    .ToList();
                var written = parts.Select(part =>
                    part.Kind switch
                    {
                        0 => (object)new { kind = "text", text = part.Text },
                        1 => new { type = "text", text = part.Text },
                        _ => new { kind = "file", text = part.Text },
                    }
                );
                var expected = string.Concat(parts.Where(part => part.Kind < 2).Select(part => part.Text));
                Assert.Equal(
                    expected.Length == 0 ? A2aText.Nothing : expected,
                    Of(JsonSerializer.Serialize(new { request_body = new { parts = written } }))
                );
            })
            .QuickCheckThrowOnFailure();
    }

    private static string Of(string row)
    {
        using var json = JsonDocument.Parse(row, PlatformJson.Options);
        return A2aText.OfRow(json.RootElement);
    }
}
