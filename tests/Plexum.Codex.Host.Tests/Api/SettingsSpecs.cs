using Plexum.Codex.Client;
using Plexum.Codex.Host.Configuration;

namespace Plexum.Codex.Host.Api;

public sealed class SettingsSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task The_daemon_tells_the_settings_that_it_uses_and_where_each_comes_from()
    {
        await Stage.StartHostAsync();

        var document = await Stage.Api.JsonAsync("/v1/settings");

        var settings = document["settings"]!.AsArray().ToDictionary(setting => (string)setting!["key"]!);
        Assert.Equal(Stage.Codex.CodexHome, (string)document["codex_home"]!);
        Assert.Equal("10m", (string)settings["turns.timeout"]!["value"]!);
        Assert.Equal(FakeCodexStage.Binary, (string)settings["codex.binary"]!["value"]!);
        Assert.Equal("--set codex.binary", (string)settings["codex.binary"]!["source"]!);
    }

    [Fact]
    public async Task No_secret_of_a_setting_is_told()
    {
        const string Planted = "codex.extra-args=[\"-c\", \"x.bearer_token=planted-secret\"]";
        Stage.Settings = ProgramSettings.Load(Stage.Profile, [Planted], new System.Collections.Hashtable()) with
        {
            Rollouts = Stage.Settings.Rollouts,
            Exec = Stage.Settings.Exec,
        };
        await Stage.StartHostAsync();

        var answer = await Stage.Api.GetAsync("/v1/settings");

        Assert.DoesNotContain("planted-secret", answer.Json.ToJsonString(), StringComparison.Ordinal);
        var args = answer.Json["settings"]!.AsArray().Single(setting => (string)setting!["key"]! == "codex.extra-args")!;
        Assert.Contains("x.bearer_token=***", (string)args["value"]!, StringComparison.Ordinal);
        Assert.Equal(64, ((string)args["sha256"]!).Length);
    }

    [Fact]
    public async Task The_daemon_tells_its_owner_its_version_with_the_commit()
    {
        await Stage.StartHostAsync();

        var answer = await Stage.Api.GetAsync("/healthz");

        Assert.Equal(OwnVersion.Full, answer.Headers[DaemonClient.VersionHeader]);
        Assert.Equal(OwnVersion.Full, (string)(await Stage.Api.StatusAsync())["version"]!);
        Assert.StartsWith(OwnVersion.Number, OwnVersion.Full, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turns_are_listed_by_the_beginning_of_their_ids_with_their_prompts()
    {
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("first line\nsecond");
        await Stage.Api.SubmitAsync("other");

        var found = (await Stage.Api.JsonAsync($"/v1/turns?prefix={turn[..31]}"))["turns"]!.AsArray();
        var bad = await Stage.Api.GetAsync("/v1/turns?prefix=a%2Fb");

        Assert.Equal((turn, "first line"), ((string)Assert.Single(found)!["turn_id"]!, (string)found[0]!["prompt"]!));
        Assert.Equal((400, "bad_turn_id"), (bad.Status, (string)bad.Json["code"]!));
    }

    [Fact]
    public async Task A_consume_for_an_agent_that_has_had_no_turn_is_refused()
    {
        await Stage.StartHostAsync();

        var answer = await Stage.Api.ConsumeAsync("nobody", "call_1");

        Assert.Equal((404, "unknown_agent"), (answer.Status, (string)answer.Json["code"]!));
    }
}
