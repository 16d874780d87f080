using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Json;

public sealed class JsonTextSpecs
{
    private static readonly Arbitrary<string> Texts = Gen.Elements(
            "a",
            "é",
            "\u2028",
            "😀",
            "\n",
            "\t",
            "\"",
            "\\",
            "\0",
            "\b\f\r/",
            "\ud800",
            "\udc00"
        )
        .ArrayOf()
        .Select(string.Concat)
        .ToArbitrary();

    [Fact]
    public void Decoding_gives_back_what_a_serializer_escaped()
    {
        Prop.ForAll(Texts, text => Decode(JsonSerializer.Serialize(text)) == Repaired(text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData(@"\ud83d\ude00", "😀")]
    [InlineData(@"\ud83d", "\uFFFD")]
    [InlineData(@"\ude00x", "\uFFFDx")]
    [InlineData(@"\ud83d\n", "\uFFFD\n")]
    [InlineData(@"\ud83d\ud83d\ude00", "\uFFFD😀")]
    [InlineData(@"\/\u0041", "/A")]
    public void Decoding_puts_a_mark_for_half_a_surrogate_pair(string raw, string text) => Assert.Equal(text, Decode($"\"{raw}\""));

    [Fact]
    public void Decoding_puts_a_mark_for_bytes_that_are_no_text()
    {
        byte[] plain = [(byte)'a', 0xFF, (byte)'b'];
        byte[] escaped = [(byte)'\\', (byte)'n', 0xC3, (byte)'b'];

        Assert.Equal("a\uFFFDb", new JsonText(plain, false).Decode());
        Assert.Equal("\n\uFFFDb", new JsonText(escaped, true).Decode());
    }

    private static string Decode(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return JsonText.Of(in reader).Decode();
    }

    private static string Repaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void The_beginning_of_a_text_is_as_long_as_allowed_and_ends_with_a_whole_character()
    {
        Prop.ForAll(Texts, Gen.Choose(1, 60).ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (any, most, relaxed) =>
            {
                var text = Repaired(any);
                var encoder = relaxed ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default;
                var raw = JsonEncodedText.Encode(text, encoder).EncodedUtf8Bytes;

                var shown = new JsonText(raw, raw.Contains((byte)'\\')).DecodeUpTo(most, out var isWhole);

                var bytes = Encoding.UTF8.GetByteCount(shown);
                var next = isWhole ? 0 : Rune.GetRuneAt(text, shown.Length).Utf8SequenceLength;
                Assert.StartsWith(shown, text, StringComparison.Ordinal);
                Assert.Equal(isWhole, shown == text);
                Assert.InRange(most, bytes, isWhole ? int.MaxValue : bytes + next - 1);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
