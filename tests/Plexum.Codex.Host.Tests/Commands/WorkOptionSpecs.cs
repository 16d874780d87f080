using Plexum.Codex.Host.Commands.Turns;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands;

public sealed class WorkOptionSpecs : IDisposable
{
    private readonly TemporaryDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task What_the_options_say_is_in_the_request()
    {
        var schema = _place.Write("schema.json", "{ \"type\": \"object\" }\n");

        var options = (
            await ReadAsync(
                "--backend",
                "app-server",
                "--effort=low",
                "--developer-instructions",
                "Say no.",
                "--output-schema",
                schema
            )
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

    private Task<TurnRequest> ReadAsync(params string[] arguments) =>
        TurnOptions.ReadAsync(
            SubmitCommand.Create().Parse([.. arguments, "--agent", "alice", "hello"]),
            _place.Root,
            CancellationToken.None
        );
}
