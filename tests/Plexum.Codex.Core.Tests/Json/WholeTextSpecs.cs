using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Json;

public sealed class WholeTextSpecs
{
    // What a host may write between quotation marks, in pieces of raw JSON.
    private static readonly Gen<byte[]> Raw = Gen.OneOf(
            Gen.Elements(
                    "a",
                    "é",
                    "😀",
                    @"\n",
                    @"\\",
                    @"\""",
                    @"\/",
                    @"\u0000",
                    @"\ud800",
                    @"\uDBFF",
                    @"\udc00",
                    @"\uDFFF",
                    @"\ud83d\ude00",
                    @"\ud83d\ud83d\ude00",
                    @"\\ud800",
                    @"\ufffd",
                    "u",
                    "d800"
                )
                .Select(piece => Encoding.UTF8.GetBytes(piece)),
            Gen.Choose(0xD700, 0xE100).Select(unit => Encoding.ASCII.GetBytes($"\\u{unit:x4}")),
            Gen.Choose(0x80, 0xFF).Select(value => new[] { (byte)value })
        )
        .ArrayOf()
        .Select(pieces => pieces.SelectMany(piece => piece).ToArray());

    [Fact]
    public void Any_string_can_be_read_and_is_what_a_tolerant_reader_makes_of_it()
    {
        Prop.ForAll(Raw.ToArbitrary(), raw =>
            {
                using var document = JsonDocument.Parse(WholeText.OfJson(Document(raw)));

                var text = document.RootElement.GetProperty("text").GetString()!;

                Assert.Equal(new JsonText(raw, escaped: true).Decode(), text);
                Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Any_name_can_be_read_and_looked_for()
    {
        Prop.ForAll(Raw.ToArbitrary(), raw =>
            {
                byte[] json = [.. "{\""u8, .. raw, .. "\":1}"u8];
                var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
                using var document = JsonDocument.Parse(WholeText.OfJson(json), strict);

                var name = Assert.Single(document.RootElement.EnumerateObject().ToArray()).Name;

                Assert.Equal(new JsonText(raw, escaped: true).Decode(), name);
                Assert.True(document.RootElement.TryGetProperty(name, out _));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Pieces_of_any_size_become_what_the_whole_becomes()
    {
        Prop.ForAll(Raw.ToArbitrary(), Gen.Choose(1, 13).ToArbitrary(), (raw, size) =>
            {
                var json = Document(raw);
                var got = new List<byte>();
                var held = Array.Empty<byte>();
                foreach (var piece in json.Chunk(size).Append([]))
                {
                    byte[] next = [.. held, .. piece];
                    var settled = WholeText.MendJson(next, isEnd: piece.Length == 0);
                    got.AddRange(next[..settled]);
                    held = next[settled..];
                    Assert.InRange(held.Length, 0, 11);
                }

                Assert.Empty(held);
                Assert.Equal(Repaired(WholeText.OfJson(json).ToArray()), Repaired([.. got]));
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData("a\\ud83d\\n", true)]
    [InlineData("a\\ud83d\"}", true)]
    [InlineData("a\\n", true)]
    [InlineData("a\\ud83d\\u", false)]
    [InlineData("a\\ud83d\\", false)]
    [InlineData("a\\ud8", false)]
    public void A_piece_waits_only_for_what_may_still_change_it(string piece, bool isSettled)
    {
        var json = Encoding.UTF8.GetBytes(piece);

        Assert.Equal(isSettled, WholeText.MendJson(json, isEnd: false) == json.Length);
    }

    [Fact]
    public void Whole_text_stays_in_its_place()
    {
        ReadOnlyMemory<byte> json = """{"a":"\ud83d\ude00 \\ud800 é 😀"}"""u8.ToArray();

        Assert.True(WholeText.OfJson(json).Equals(json));
        const string Text = "é";
        Assert.Same(Text, WholeText.Of(Text));
        Assert.Equal("é 😀", WholeText.Of("é 😀"));
    }

    // An attribute cannot hold half a character.
    [Fact]
    public void Half_a_character_in_a_text_is_marked()
    {
        Assert.Equal("a\uFFFDb", WholeText.Of("a\ud800b"));
        Assert.Equal("\uFFFD\uFFFD", WholeText.Of("\udc00\ud800"));
        Assert.Equal("😀\uFFFD", WholeText.Of("😀\ud83d"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("{\"a\":\"\\u12")]
    [InlineData("\\ud800\\ud8")]
    [InlineData("{\"a\":\"\\uzzzz\"}")]
    public void What_is_not_JSON_stays_as_little_JSON_as_it_is(string text)
    {
        var whole = WholeText.OfJson(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text.Length, whole.Length);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(whole));
    }

    private static byte[] Document(byte[] raw) => [.. "{\"text\":\""u8, .. raw, .. "\"}"u8];

    private static string Repaired(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
