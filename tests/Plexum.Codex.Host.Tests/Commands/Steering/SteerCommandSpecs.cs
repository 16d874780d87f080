using System.Text;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Steering;

public sealed class SteerCommandSpecs
{
    [Theory]
    [InlineData("Leave the tests out.", "Leave", "the", "tests", "out.")]
    [InlineData("Leave the tests out.", "Leave the tests out.")]
    [InlineData("from\nthe input", "-")]
    [InlineData("from\nthe input")]
    public async Task The_text_is_the_words_or_standard_input(string text, params string[] words) =>
        Assert.Equal(text, await ReadAsync("from\nthe input", words));

    [Theory]
    [InlineData("", "-")]
    [InlineData(" \n")]
    [InlineData("input", "")]
    public async Task Nothing_is_not_said(string input, params string[] words) =>
        Assert.Contains(
            "is empty",
            (await Assert.ThrowsAsync<CodexException>(() => ReadAsync(input, words))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task An_endless_text_is_refused() =>
        Assert.Contains(
            "codex's limit",
            (await Assert.ThrowsAsync<CodexException>(() => ReadAsync(new string('x', (2 * Prompt.MaxCharacters) + 1)))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_turn_comes_first_and_is_needed()
    {
        var command = SteerCommand.Create();

        var parsed = command.Parse(["last", "Leave", "it", "--json"]);

        Assert.Empty(parsed.Errors);
        Assert.Equal("last", parsed.GetValue<string>("TURN"));
        Assert.Equal(["Leave", "it"], parsed.GetValue<string[]>("TEXT")!);
        Assert.NotEmpty(command.Parse([]).Errors);
    }

    private static async Task<string> ReadAsync(string input, params string[] words)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        return await SteerCommand.ReadAsync(words, stream, CancellationToken.None);
    }
}
