using Xunit;

namespace Plexum.Codex.Requests;

public sealed class ModelNameSpecs
{
    private static readonly Dictionary<string, string> Map = new()
    {
        ["fast"] = "gpt-5-mini",
        ["plain"] = "",
        ["odd"] = "-x",
    };

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("codex", null)]
    [InlineData("fast", "gpt-5-mini")]
    [InlineData("plain", null)]
    [InlineData("odd", "-x")]
    [InlineData("openai/gpt-5.1:high", "openai/gpt-5.1:high")]
    public void Models_are_mapped_or_taken_verbatim(string? model, string? value)
    {
        Assert.Null(ModelName.Resolve(model, Map, out var resolved));
        Assert.Equal(value, resolved);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-c")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData(" ")]
    public void A_model_that_could_be_more_than_a_name_is_refused(string model)
    {
        Assert.Equal(TurnRefusalReason.BadModel, ModelName.Resolve(model, Map, out var value)?.Reason);
        Assert.Null(value);
    }
}
