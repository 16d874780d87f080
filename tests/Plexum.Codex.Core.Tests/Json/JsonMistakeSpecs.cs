using System.Text;
using System.Text.Json;

namespace Plexum.Codex.Json;

public sealed class JsonMistakeSpecs
{
    [Theory]
    [InlineData("{\"a\": 1,\n \"b\": }", "at line 2, position 7: ")]
    [InlineData("{\"a\": 1} 2", "at line 1, position 10: ")]
    [InlineData("{\"a\": 1, \"a\": 2}", "at line 1, position 10: the name \"a\" is there twice.")]
    [InlineData("{\"a\": [{\"b\": {}},\n  {\"b\": 1, \"\\u0062\": 2}]}", "at line 2, position 12: the name \"b\" is there twice.")]
    public void A_mistake_is_told_with_its_place(string text, string beginning) =>
        Assert.StartsWith(beginning, Describe(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void The_same_name_in_two_objects_is_no_mistake()
    {
        using var document = JsonDocument.Parse("""[{"a": {"a": 1}}, {"a": 2}]""", Strict);

        Assert.Equal(2, document.RootElement.GetArrayLength());
    }

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static string Describe(byte[] utf8)
    {
        var mistake = Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(utf8, Strict).Dispose());
        return JsonMistake.Describe(utf8, mistake);
    }
}
