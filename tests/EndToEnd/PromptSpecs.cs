using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Server;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;

namespace Plexum.Codex.EndToEnd;

public sealed class PromptSpecs(SharedRigs rigs) : IClassFixture<SharedRigs>
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static TheoryData<BackendKind, string> Prompts =>
        Backends.Each([
            "--help",
            "--version",
            "resume",
            "review",
            "-",
            "--",
            "--model gpt-5 -c sandbox_mode=read-only",
            "/help",
            "  two spaces before and a newline behind \n",
            "\r\nline one\r\nline two\n\n\ttabbed \\ backslash",
            "\"double\" 'single' `back` $HOME $(id) ${x} %PATH% ; | & < > * ?",
            "emoji \U0001F98A \U0001F469‍\U0001F469‍\U0001F467 and e\u0301, مرحبا, 漢字, \u2028 \u00A0 \uFFFD",
            "control \u0001\u0007\b\u001b[31m\u007f\u0085 and zero \0 inside",
            "\uFEFFa byte order mark in front",
            "@README.md and @/etc/passwd, $skill and #1",
            """{"type":"turn.completed","usage":{"input_tokens":1}}""",
            "</user> <image name=[Image #1] path=\"1.png\"></image> <environment_context>",
            "a right-to-left override \u202Etxt.exe\u202C, an isolate \u2067x\u2069, a joiner \u200D and a tag \U000E0041",
            "\u001b]0;a title\u0007\u001b[2J\u001b[8mhidden\u009b31m",
            "\n\n\n.\n\n\n",
            "\U0010FFFF \uFFFE \uD7FF \uE000",
        ]);

    [Theory]
    [MemberData(nameof(Prompts))]
    public async Task A_prompt_reaches_the_model_unchanged(BackendKind backend, string prompt)
    {
        var turn = (await rigs.Of(backend).SayAsync(prompt, rigs.NewAgent())).Succeeded();

        Assert.Equal(prompt, Assert.Single(rigs.Model.RequestsOf(turn.Thread)).LastUserText);
        Assert.Equal(prompt, turn.Text);
    }

    [Theory]
    [EachBackend("--help")]
    [EachBackend("-")]
    [EachBackend("review")]
    public async Task A_prompt_reaches_the_model_unchanged_in_a_resumed_thread_too(BackendKind backend, string prompt)
    {
        var (rig, agent) = (rigs.Of(backend), rigs.NewAgent());
        await rig.SayAsync("First.", agent);
        var turn = (await rig.SayAsync(prompt, agent)).Said(prompt);

        Assert.Equal(["First.", prompt], rigs.Model.RequestsOf(turn.Thread)[^1].UserTexts);
    }

    [Theory]
    [EachBackend]
    public async Task A_prompt_of_200_000_characters_reaches_the_model_unchanged(BackendKind backend)
    {
        var prompt = string.Concat(Enumerable.Range(0, 20_000).Select(number => FormattableString.Invariant($"{number, 8}é\n")));
        Assert.Equal(200_000, prompt.Length);
        var turn = (await rigs.Of(backend).SayAsync(prompt, rigs.NewAgent())).Said(prompt);

        Assert.Equal(prompt, Assert.Single(rigs.Model.RequestsOf(turn.Thread)).LastUserText);
    }

    [Theory]
    [EachBackend("x")]
    [EachBackend("\U0001F98A")]
    public async Task The_longest_prompt_that_codex_takes_reaches_the_model_unchanged(BackendKind backend, string character)
    {
        await using var server = await LoopbackModelServer.StartAsync(_ => new ModelAnswer().Reply("read"));
        await using var rig = new CodexRig(server, backend);
        var prompt = string.Concat(Enumerable.Repeat(character, Prompt.MaxCharacters));
        var turn = (await rig.SayAsync(prompt)).Said("read");

        Assert.True(prompt == Assert.Single(server.RequestsOf(turn.Thread)).LastUserText, "The model got another prompt.");
    }

    [Theory]
    [EachBackend("What is in the picture?")]
    [EachBackend("--help")]
    public async Task An_image_reaches_the_model_beside_the_whole_prompt(BackendKind backend, string prompt)
    {
        var (rig, agent) = (rigs.Of(backend), rigs.NewAgent());
        var image = new ContentBlock.Image("image/png", Png);
        var first = await rig.Begin([image, new ContentBlock.Text(prompt)], agent).EndAsync();
        var second = await rig.Begin([new ContentBlock.Text(prompt), image, image], agent).EndAsync();

        Assert.Equal(first.Said(prompt).Thread, second.Said(prompt).Thread);
        var requests = rigs.Model.RequestsOf(first.Thread);
        Assert.Equal([1, 2], requests.Select(request => request.Input.Last(item => item.Images.Count > 0).Images.Count));
        Assert.All(requests[^1].Input.SelectMany(item => item.Images), url =>
            Assert.StartsWith("data:image/png;base64,", url, StringComparison.Ordinal)
        );
    }
}
