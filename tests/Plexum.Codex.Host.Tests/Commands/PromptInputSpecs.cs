using System.Text;
using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands;

public sealed class PromptInputSpecs
{
    [Theory]
    [InlineData("\ufeffwith a byte order mark")]
    [InlineData("\r\n trailing \n\n")]
    [InlineData("")]
    public async Task Standard_input_is_taken_as_it_is(string text) => Assert.Equal(text, await Read("-", text));

    [Fact]
    public async Task Text_on_the_command_line_leaves_standard_input_alone() => Assert.Equal("text", await Read("text", "input"));

    [Fact]
    public async Task The_longest_text_that_codex_takes_is_read_and_an_endless_one_is_not()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F980", Prompt.MaxCharacters));

        Assert.Equal(longest, await Read("-", longest));
        Assert.Null(await Read("-", longest + "x"));
    }

    private static async Task<string?> Read(string argument, string input)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        return await PromptInput.ReadAsync(argument, stream, CancellationToken.None);
    }
}
