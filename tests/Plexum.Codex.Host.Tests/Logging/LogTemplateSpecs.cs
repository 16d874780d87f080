namespace Plexum.Codex.Host.Logging;

public sealed class LogTemplateSpecs
{
    [Fact]
    public void A_number_takes_the_name_that_stands_before_it()
    {
        var template = LogTemplate.Of("codex: spawning CLI workspace={0} prompt_len={3} in {1}, again workspace={0}");

        Assert.Equal("codex: spawning CLI workspace={workspace} prompt_len={prompt_len} in {arg1}, again workspace={workspace}", template.Text);
        Assert.Equal(["a", "d", "b", "a"], template.Arrange(["a", "b", "c", "d"])!);
    }

    [Fact]
    public void A_template_with_too_few_arguments_is_not_filled() => Assert.Null(LogTemplate.Of("x={1}").Arrange(["a"]));

    [Theory]
    [InlineData("nothing")]
    [InlineData("{name}")]
    [InlineData("{{0}}")]
    public void What_is_no_number_stays_as_it_is(string text) => Assert.Equal(text, LogTemplate.Of(text).Text);

    [Fact]
    public void A_format_should_stay_with_its_hole()
    {
        var template = LogTemplate.Of("again in {1:0.0} s, wait={0:0}: {2}");

        Assert.Equal("again in {arg1:0.0} s, wait={wait:0}: {arg2}", template.Text);
        Assert.Equal([1, 0, 2], template.Order.ToArray());
    }
}
