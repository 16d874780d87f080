using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Security;

/// <summary>A request names a workspace or an image that lies where it must not.</summary>
public sealed class PlaceSpecs(PlaceSpecs.Daemon daemon) : IClassFixture<PlaceSpecs.Daemon>
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    private static int _agents;

    private DaemonStage Stage => daemon.Stage;

    [Theory]
    [InlineData("profile")]
    [InlineData("")]
    [InlineData("profile/agents")]
    [InlineData("profile/agents/s7-other/turns")]
    [InlineData("profile/logs")]
    [InlineData("home")]
    [InlineData("home/sessions/new")]
    [InlineData("workspace/../home")]
    [InlineData("/")]
    [InlineData("/proc/self")]
    public async Task S7_No_workspace_is_in_or_around_the_profile_or_codexs_home(string path)
    {
        var agent = NewAgent();
        var workspace = Path.Combine(Stage.Codex.Folder, path);
        var before = Directory.GetFileSystemEntries(Stage.Codex.CodexHome);

        var why = (await agent.TryBeginAsync("x", body => body["workspace"] = workspace)).Problem(422, "workspace_not_allowed");

        Assert.Contains(workspace, why, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(Stage.Codex.CodexHome));
        Assert.Empty(agent.Calls);
    }

    [Fact]
    public async Task S7_A_link_is_no_way_around_it()
    {
        var agent = NewAgent();
        var link = agent.File("link");
        Directory.CreateSymbolicLink(link, Stage.Codex.CodexHome);

        (await agent.TryBeginAsync("x", body => body["workspace"] = link)).Problem(422, "workspace_not_allowed");
        (await agent.TryBeginAsync("x", body => body["workspace"] = Path.Combine(link, "new"))).Problem(422, "workspace_not_allowed");

        Assert.False(Directory.Exists(Path.Combine(Stage.Codex.CodexHome, "new")));
    }

    [Theory]
    [InlineData("home")]
    [InlineData("allowed")]
    public async Task S7_A_link_that_is_swapped_while_the_turn_waits_does_not_lead_codex_out(string target)
    {
        var other = Directory.CreateDirectory(Stage.Codex.File(target)).FullName;
        var agent = NewAgent("thread", "turn", "[prompt hold]", "touch started", "wait go", "completed 1 1", "[else]", "completed 1 1");
        var link = Stage.Codex.File($"link-of-{agent.Name}");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Stage.Codex.File("harmless")).FullName);
        var holding = await agent.BeginAsync("hold");
        await agent.AppearsAsync("started");
        var waiting = await agent.BeginAsync("x", body => body["workspace"] = link);

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, other);
        agent.Touch("go");

        await agent.Api.EventsAsync(holding);
        var events = await agent.Api.EventsAsync(waiting);
        Assert.Equal("workspace_not_allowed", ErrorOf(events));
        Assert.False(File.Exists(Path.Combine(other, ".plexum-codex-session")));
    }

    [Fact]
    public async Task S7_A_consume_does_not_get_around_it_either()
    {
        var body = new JsonObject
        {
            ["workspace"] = Stage.Codex.CodexHome,
            ["mutations"] = new JsonArray(new JsonObject { ["block_id"] = "call_1", ["op"] = "consume-light" }),
        };

        (await Stage.Api.PostAsync("/v1/agents/s7-consume/consume", body)).Problem(422, "workspace_not_allowed");
    }

    [Fact]
    public async Task S7_A_workspace_with_a_NUL_character_is_refused_and_harms_nothing()
    {
        var agent = NewAgent();
        var body = new JsonObject
        {
            ["workspace"] = "/a\0b",
            ["mutations"] = new JsonArray(new JsonObject { ["block_id"] = "call_1", ["op"] = "consume-light" }),
        };

        (await Stage.Api.PostAsync("/v1/agents/s7-nul/consume", body)).Problem(422, "workspace_not_absolute");
        (await agent.TryBeginAsync("x", turn => turn["workspace"] = "/a\0b")).Problem(422, "workspace_not_absolute");
    }

    [Fact]
    public async Task The_owner_names_any_other_directory()
    {
        var turn = await Stage.Api.SubmitAsync("x", "s7-owner", change: body => body["workspace"] = Stage.Codex.File("anywhere/new"));

        Assert.Equal("end_turn", (await Stage.Api.EventsAsync(turn)).StopReason());
    }

    [Fact]
    public async Task S20_An_image_elsewhere_is_refused()
    {
        var agent = NewAgent();
        var secret = Write(Stage.Codex.File("secret.png"));

        var why = (await agent.TryBeginAsync("x", body => Image(body, secret))).Problem(422, "bad_image");
        (await agent.TryBeginAsync("x", body => Image(body, agent.File("../../../../secret.png")))).Problem(422, "bad_image");

        Assert.Contains("turns.image-roots", why, StringComparison.Ordinal);
        Assert.Empty(agent.Calls);
    }

    [Theory]
    [InlineData("link.png")]
    [InlineData("link/secret.png")]
    public async Task S20_A_link_in_the_workspace_is_not_followed_to_an_image(string path)
    {
        var agent = NewAgent();
        var secret = Write(Stage.Codex.File("secret.png"));
        File.CreateSymbolicLink(agent.File("link.png"), secret);
        Directory.CreateSymbolicLink(agent.File("link"), Stage.Codex.Folder);

        var events = await agent.Api.EventsAsync(await agent.BeginAsync("x", body => Image(body, agent.File(path))));

        Assert.Equal("bad_image", ErrorOf(events));
        Assert.Empty(agent.Calls);
    }

    [Fact]
    public async Task An_image_of_the_workspace_or_of_a_root_reaches_codex()
    {
        var agent = NewAgent();
        foreach (var image in new[] { agent.File("a.png"), Stage.Codex.File("album/b.png") })
        {
            var events = await agent.Api.EventsAsync(await agent.BeginAsync("x", body => Image(body, Write(image))));

            Assert.Equal("end_turn", events.StopReason());
            Assert.Contains("-i", agent.Calls[^1].Argv);
        }
    }

    // Each spec has an agent that nothing was said to before.
    private AgentOfTest NewAgent(params string[] script) =>
        daemon.Agent(
            $"place-{Interlocked.Increment(ref _agents)}",
            script.Length > 0 ? script : ["thread", "turn", "say x", "completed 1 1"]
        );

    private static string Write(string image)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        File.WriteAllBytes(image, Png);
        return image;
    }

    private static void Image(JsonObject body, string path) =>
        body["messages"] = new JsonArray(
            new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = "Look." },
                    new JsonObject { ["type"] = "image", ["path"] = path }
                ),
            }
        );

    private static string ErrorOf(IEnumerable<SseEvent> events) => (string)Assert.Single(events, e => e.Type == "error").Json["code"]!;

    public sealed class Daemon : GuaranteeDaemon
    {
        private protected override void Configure()
        {
            var agents = Stage.Settings.Agents;
            Stage.Settings = Stage.Settings with
            {
                Agents = agents with { Workspaces = agents.Workspaces with { ImageRoots = [Stage.Codex.File("album")] } },
            };
        }
    }
}
