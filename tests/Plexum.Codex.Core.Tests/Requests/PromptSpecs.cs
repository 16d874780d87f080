using System.Collections.Immutable;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Requests;

public sealed class PromptSpecs
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    [Fact]
    public void A_prompt_is_the_text_of_the_last_message_of_the_user_that_has_any()
    {
        var prompt = Accept(
            TurnMessage.User("earlier"),
            User(new ContentBlock.Text("one"), new ContentBlock.Other("file"), new ContentBlock.Text("two")),
            User(new ContentBlock.Image("image/png", Convert.ToBase64String(Png))),
            new TurnMessage(MessageRole.Assistant, [new ContentBlock.Text("answer")]),
            new TurnMessage(MessageRole.Tool, [new ContentBlock.Text("result")])
        );

        Assert.Equal("one\ntwo", prompt.Text);
        Assert.Empty(prompt.Images);
    }

    [Fact]
    public void No_text_of_the_user_is_refused_in_the_words_of_the_go_plugin()
    {
        Assert.All(
            new[]
            {
                Refuse(),
                Refuse(new TurnMessage(MessageRole.System, [new ContentBlock.Text("x")])),
                Refuse(TurnMessage.User(" \n\t")),
                Refuse(TurnMessage.User("earlier"), TurnMessage.User("")),
                Refuse(User(new ContentBlock.Image(null, "AAAA"))),
                Refuse(new TurnMessage(MessageRole.User, default)),
            },
            refusal =>
                Assert.Equal((TurnRefusalReason.NoUserText, "codex: no user text in request messages"), (refusal.Reason, refusal.Message))
        );
        Assert.False(Prompt.TryCreate(default, out _, out _));
    }

    [Fact]
    public void The_length_is_counted_as_codex_counts_it()
    {
        Assert.Equal(Prompt.MaxCharacters, Accept(TurnMessage.User(new string('x', Prompt.MaxCharacters))).Text.Length);
        Accept(TurnMessage.User(string.Concat(Enumerable.Repeat("😀", Prompt.MaxCharacters))));

        var refusal = Refuse(TurnMessage.User(new string('x', Prompt.MaxCharacters + 1)));

        Assert.Equal(TurnRefusalReason.PromptTooLong, refusal.Reason);
        Assert.Contains("1048577", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_come_from_the_message_of_the_text()
    {
        var base64 = Convert.ToBase64String(Png);
        var prompt = Accept(
            User(
                new ContentBlock.Text("look"),
                new ContentBlock.Image("image/png", base64),
                new ContentBlock.Image(null, Url: "data:image/png;base64," + base64),
                new ContentBlock.Image(null, Path: "/tmp/picture.png")
            )
        );

        Assert.Equal(Png, Assert.IsType<PromptImage.Inline>(prompt.Images[0]).Bytes.ToArray());
        Assert.Equal("png", Assert.IsType<PromptImage.Inline>(prompt.Images[1]).Extension);
        Assert.Equal(new PromptImage.File("/tmp/picture.png"), prompt.Images[2]);
    }

    [Theory]
    [InlineData("not base64!", null, null, "its data is not base64")]
    [InlineData("AAAAAAAA", null, null, "is not PNG")]
    [InlineData("", null, null, "its base64 is empty")]
    [InlineData(null, "picture.png", null, "not absolute")]
    [InlineData(null, "--help", null, "not absolute")]
    [InlineData(null, "/tmp/a\0b.png", null, "has a NUL character")]
    [InlineData(null, "a\0b.png", null, "has a NUL character")]
    [InlineData(null, null, "https://example.org/x.png", "from files only")]
    [InlineData(null, null, null, "from files only")]
    public void Images_that_cannot_be_used_are_refused_by_their_number(string? base64, string? path, string? url, string why)
    {
        var refusal = Refuse(User(new ContentBlock.Text("look"), new ContentBlock.Image("image/png", base64, path, url)));

        Assert.Equal(TurnRefusalReason.BadImage, refusal.Reason);
        Assert.StartsWith("codex: image 1 ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_are_too_large_or_too_many_are_refused()
    {
        var large = new ContentBlock.Image(null, new string('A', (PromptImage.MaxBytes / 3 * 4) + 40));
        var small = new ContentBlock.Image(null, Convert.ToBase64String(Png));

        Assert.Contains("larger than 20 MiB", Refuse(User(new ContentBlock.Text("x"), large)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "17 images",
            Refuse(new TurnMessage(MessageRole.User, [new ContentBlock.Text("x"), .. Enumerable.Repeat(small, 17)])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Printing_a_request_or_a_prompt_does_not_show_what_was_said()
    {
        var message = TurnMessage.User("secret");
        var request = new TurnRequest(AgentId.Parse("a"), "/w", null, [message]);

        Assert.DoesNotContain("secret", $"{request} {message} {message.Content[0]} {Accept(message)}", StringComparison.Ordinal);
    }

    private static TurnMessage User(params ContentBlock[] blocks) => new(MessageRole.User, [.. blocks]);

    private static Prompt Accept(params TurnMessage[] messages)
    {
        Assert.True(Prompt.TryCreate([.. messages], out var prompt, out var refusal), refusal?.Message);
        return prompt!;
    }

    private static TurnRefusal Refuse(params ImmutableArray<TurnMessage> messages)
    {
        Assert.False(Prompt.TryCreate(messages, out _, out var refusal));
        return refusal!;
    }
}
