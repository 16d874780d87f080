using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands;

public sealed class WorkOptionSpecs : IDisposable
{
    private static readonly byte[] Png = [0x89, .. "PNG"u8, 1, 2, 3];

    private readonly TemporaryDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task What_the_options_say_is_in_the_request()
    {
        var schema = _place.Write("schema.json", "{ \"type\": \"object\" }\n");

        var options = (
            await ReadAsync("--backend", "app-server", "--effort=low", "--developer-instructions", "Say no.", "--output-schema", schema)
        ).Options;

        Assert.Equal("AppServer", options.Backend.ToString());
        Assert.Equal(("low", "Say no.", "{\"type\":\"object\"}"), (options.Effort, options.DeveloperInstructions, options.OutputSchema));
    }

    [Fact]
    public async Task Without_options_the_request_says_nothing()
    {
        var options = (await ReadAsync()).Options;

        Assert.Null(options.Backend);
        Assert.Equal(((string?)null, (string?)null, (string?)null), (options.Effort, options.DeveloperInstructions, options.OutputSchema));
    }

    [Theory]
    [InlineData("--backend must be one of auto, exec, app-server; it is \"warm\".", "--backend", "warm")]
    [InlineData("--effort must be a word of codex such as low, medium or high; it is \"very low\".", "--effort", "very low")]
    [InlineData("--output-schema is empty; name a file", "--output-schema", "")]
    [InlineData("/gone of --output-schema cannot be read: ", "--output-schema", "/gone")]
    [InlineData("--sandbox must be one of none, workspace-write, read-only, inherit, confined; it is \"soft\".", "--sandbox", "soft")]
    [InlineData("The image /gone of --image cannot be read: ", "--image", "/gone")]
    [InlineData("--image is empty; name a file", "--image", "")]
    public async Task What_cannot_be_is_an_error_that_names_the_option(string says, params string[] arguments) =>
        Assert.Contains(says, (await Assert.ThrowsAsync<CodexException>(() => ReadAsync(arguments))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{", "is not valid JSON at line 1")]
    [InlineData("[]", "must have a JSON schema, an object")]
    [InlineData("{\"a\":1,\"a\":2}", "is not valid JSON")]
    [InlineData("{\"maximum\":1e999}", "--output-schema.maximum is a number that is too large.")]
    public async Task A_file_without_a_schema_is_an_error_that_says_why(string content, string says)
    {
        var file = _place.Write("schema.json", content);

        var error = await Assert.ThrowsAsync<CodexException>(() => ReadAsync("--output-schema", file));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_and_images_are_in_the_request()
    {
        File.WriteAllBytes(_place.File("a.png"), Png);
        File.WriteAllBytes(_place.File("b.png"), Png);

        var request = await ReadAsync("--sandbox", "read-only", "--image", _place.File("a.png"), "--image", _place.File("b.png"));

        Assert.Equal(CodexSandbox.ReadOnly, request.Sandbox);
        Assert.True(Prompt.TryCreate(request.Messages, out var prompt, out _));
        Assert.Equal(("hello", 2), (prompt.Text, prompt.Images.Length));
        Assert.All(prompt.Images, image => Assert.Equal(Png, Assert.IsType<PromptImage.Inline>(image).Bytes.ToArray()));
    }

    [Fact]
    public async Task A_file_that_is_no_image_or_too_large_is_an_error_that_names_it()
    {
        var text = _place.Write("a.png", "just text");
        var large = _place.File("large.png");
        using (var file = File.Create(large))
        {
            file.SetLength(PromptImage.MaxBytes + 1);
        }

        Assert.Equal($"The file {text} of --image is no image that codex takes; give a PNG, JPEG, GIF or WebP.", await WhyAsync(text));
        Assert.Equal($"The image {large} of --image is larger than 20 MiB; give a smaller one.", await WhyAsync(large));

        async Task<string> WhyAsync(string path) => (await Assert.ThrowsAsync<CodexException>(() => ReadAsync("--image", path))).Message;
    }

    private Task<TurnRequest> ReadAsync(params string[] arguments) =>
        TurnOptions.ReadAsync(
            SubmitCommand.Create().Parse([.. arguments, "--agent", "alice", "hello"]),
            _place.Root,
            CancellationToken.None
        );
}
