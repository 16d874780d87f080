using Xunit;

namespace Plexum.Codex.Requests;

public sealed class PromptLineSpecs
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("\n \t\r\n  hello \u001b[2J\nmore", "hello \u001b[2J")]
    [InlineData("", null)]
    [InlineData(" \n ", null)]
    public void It_is_the_first_line_that_says_anything(string text, string? line) =>
        Assert.Equal(line, Prompt.FirstLine([TurnMessage.User("earlier"), TurnMessage.User(text)]));

    [Fact]
    public void It_is_of_the_last_message_of_the_user_and_of_none_where_there_is_none()
    {
        var answer = new TurnMessage(MessageRole.Assistant, [new ContentBlock.Text("answer")]);
        var image = new TurnMessage(MessageRole.User, [new ContentBlock.Image("image/png", Url: "data:")]);

        Assert.Equal("asked", Prompt.FirstLine([TurnMessage.User("asked"), answer, image]));
        Assert.Null(Prompt.FirstLine([answer]));
        Assert.Null(Prompt.FirstLine(default));
    }

    [Fact]
    public void A_long_line_is_cut_between_characters()
    {
        var text = new string('x', Prompt.MaxLineCharacters - 2) + "\ud83e\udd80\ud83e\udd80";

        Assert.Equal(new string('x', Prompt.MaxLineCharacters - 2) + "…", Prompt.FirstLine([TurnMessage.User(text)]));
    }
}
