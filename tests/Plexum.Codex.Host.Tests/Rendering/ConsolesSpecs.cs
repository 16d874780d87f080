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
        Assert.Equal("\\x1b[2Jgone\\x9d]0;title\\x07\n", Print("\u001b[2Jgone\u009d]0;title\u0007"));

    [Fact]
    public void A_cell_of_a_table_is_one_line_of_visible_text() =>
        Assert.Equal("a b c\\u202ed\\x1be", Consoles.OneLine("a\nb\tc\u202ed\u001be", 100));

    private static string Print(string text)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Consoles.Create(writer, redirected: true).Line(text);
        return writer.ToString();
    }
}
