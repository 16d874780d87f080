namespace Plexum.Codex.Host.Rendering;

public sealed class ConsolesSpecs
{
    [Theory]
    [InlineData("[bold]not markup[/] [[ ]] [/] [red")]
    [InlineData("{0} {} {{")]
    [InlineData("tabs\tstay")]
    public void Text_is_printed_as_it_is(string text) => Assert.Equal(text + "\n", Print(text));

    [Fact]
    public void Long_lines_are_not_wrapped_where_nobody_sits_in_front()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 5_000));

        Assert.Equal(text + "\n", Print(text));
    }

    [Fact]
    public void A_model_cannot_give_orders_to_the_terminal() =>
        Assert.Equal("\ufffd[2Jgone\ufffd]0;title\ufffd\n", Print("\u001b[2Jgone\u009d]0;title\u0007"));

    private static string Print(string text)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Consoles.Create(writer, redirected: true).Line(text);
        return writer.ToString();
    }
}
