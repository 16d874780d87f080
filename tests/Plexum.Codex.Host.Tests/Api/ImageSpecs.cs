using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Api;

/// <summary>Images that are none: their turn is refused or fails with a sentence, and the next one is as any other.</summary>
public sealed class ImageSpecs(ImageSpecs.Daemon daemon) : IClassFixture<ImageSpecs.Daemon>
{
    private static int _agents;

    [Theory]
    [InlineData("just text")]
    [InlineData("")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>")]
    [InlineData("BM a bitmap")]
    [InlineData("PNG without its first byte")]
    [InlineData("\n\u0089PNG a line late")]
    public async Task A_file_that_is_none_fails_its_turn_with_its_path(string content)
    {
        var agent = NewAgent();
        await File.WriteAllTextAsync(agent.File("a.png"), content, Encoding.Latin1);

        await FailsAsync(agent);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("directory")]
    [InlineData("pipe")]
    public async Task A_path_that_leads_to_no_file_fails_its_turn_with_it(string what)
    {
        var agent = NewAgent();
        switch (what)
        {
            case "directory":
                Directory.CreateDirectory(agent.File("a.png"));
                break;
            case "pipe":
                NamedPipe.Create(agent.File("a.png"));
                break;
        }

        await FailsAsync(agent);
    }

    [Theory]
    [InlineData("base64", "just text")]
    [InlineData("base64", "anVzdCB0ZXh0")]
    [InlineData("base64", "")]
    [InlineData("url", "data:image/svg+xml;base64,PHN2Zy8+")]
    [InlineData("url", "data:image/png,plain")]
    [InlineData("url", "https://example.org/a.png")]
    [InlineData("path", "a.png")]
    public async Task An_image_that_is_none_gets_its_turn_refused(string field, string value)
    {
        var agent = NewAgent();

        var why = (await agent.TryBeginAsync("x", body => Add(body, field, value))).Problem(422, "bad_image");

        Assert.Contains("image 1 ", why, StringComparison.Ordinal);
        await GoesOnAsync(agent);
    }

    private static async Task FailsAsync(AgentOfTest agent)
    {
        var path = agent.File("a.png");
        var events = await agent.Api.EventsAsync(await agent.BeginAsync("x", body => Add(body, "path", path)));

        events.AreWhole();
        var error = Assert.Single(events, e => e.Type == "error").Json;
        Assert.Equal("bad_image", (string)error["code"]!);
        Assert.Contains(path, (string)error["message"]!, StringComparison.Ordinal);
        await GoesOnAsync(agent);
    }

    private static async Task GoesOnAsync(AgentOfTest agent)
    {
        Assert.Equal("end_turn", (await agent.RunAsync("and on")).StopReason());
        Assert.Equal(["and on"], agent.Prompts);
    }

    private static void Add(JsonObject body, string field, string value) =>
        body["messages"] = new JsonArray(
            new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = "Look." },
                    new JsonObject { ["type"] = "image", [field] = value }
                ),
            }
        );

    // Each has an agent that nothing was said to before.
    private AgentOfTest NewAgent() =>
        daemon.Agent($"image-{Interlocked.Increment(ref _agents)}", "thread", "turn", "say fine", "completed 1 1");

    public sealed class Daemon : GuaranteeDaemon;
}
