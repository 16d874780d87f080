using System.Globalization;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Plugin.Session;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The plugin and the daemon as the processes that they are.</summary>
public sealed class PluginProcessSpecs : IAsyncLifetime, IAsyncDisposable
{
    private readonly HostStage _stage = new();
    private readonly StartedDaemon _daemon;
    private readonly List<RunningPlugin> _plugins = [];

    public PluginProcessSpecs() => _daemon = new StartedDaemon(_stage.Profile);

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var plugin in _plugins)
        {
            plugin.Dispose();
        }

        await _daemon.KillAsync();
        _stage.Dispose();
    }

    [Fact]
    public async Task A_host_plays_a_whole_life_and_kills_the_plugin_in_the_middle_of_it()
    {
        _stage.Script(
            "thread",
            "turn",
            "say one ${prompt}",
            """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_r"}}""",
            """rollout {"type":"response_item","payload":"""
                + """{"type":"function_call_output","call_id":"call_r","output":"a long enough output"}}""",
            $"relay {_stage.File("relay-${prompt}")}",
            $"touch {_stage.File("runs-${prompt}")}",
            $"wait {_stage.File("go-${prompt}")}",
            "say two ${prompt}",
            "completed 1 1"
        );
        var first = Start();
        Assert.Equal(
            "{\"name\":\"plexum-openai-provider\",\"version\":\"0.1.0\",\"activation\":\"lazy\","
                + "\"executable\":\"plexum-openai-provider-plugin\",\"contracts\":{\"provider\":{\"models\":[\"codex\"]}}}",
            (await first.Host.CallAsync(PlexumMethods.Manifest)).ToJsonString()
        );
        Assert.False(Directory.Exists(_stage.Profile));
        await InitAsync(first);

        var turns = await Task.WhenAll(
            first.Host.StreamAsync(PlexumHost.Turn("alice", "alice", _stage.Workspace, "get")),
            first.Host.StreamAsync(PlexumHost.Turn("bob", "bob", _stage.File("bob")))
        );
        var (alice, bob) = (turns[0], turns[1]);
        var daemon = Assert.NotNull(_daemon.Pid);
        await Task.WhenAll(_stage.AppearsAsync("runs-alice"), _stage.AppearsAsync("runs-bob"));
        var told = await first.Host.EventsToAsync(alice, "text_delta");
        await using var codex = await CodexInPlace.ConnectAsync(_stage.File("relay-alice"), alice);
        var answered = codex.CallAsync("call_1");
        await first.Host.AnswerAsync(await first.Host.ToolCallAsync(), new JsonObject { ["content"] = "of the first" });
        Assert.Equal("of the first", TextOf(await answered));
        await first.Host.CallAsync(PlexumMethods.Cancel, new JsonObject { ["turn_id"] = bob });
        var bobs = await first.Host.EndAsync(bob);
        Assert.Equal("cancelled", (string)bobs[^1]["stop_reason"]!);

        var waiting = codex.CallAsync("call_2");
        await first.Host.ToolCallAsync();
        await first.KillAsync();

        var second = Start();
        await InitAsync(second);
        await second.Host.CallAsync(PlexumMethods.Stream, new JsonObject { ["turn_id"] = alice, ["after_seq"] = (int)told[^1]["seq"]! });
        var call = await second.Host.ToolCallAsync();
        Assert.Equal("call_2", (string)call["params"]!["call_id"]!);
        await second.Host.AnswerAsync(call, new JsonObject { ["content"] = "of the second" });
        Assert.Equal("of the second", TextOf(await waiting));
        _stage.Touch("go-alice");
        told.AddRange(await second.Host.EndAsync(alice));

        Assert.Equal(_stage.LogOf("alice").Select(line => JsonNode.Parse(line)!.ToJsonString()), told.Select(e => e.ToJsonString()));
        Assert.Equal(_stage.LogOf("bob").Select(line => JsonNode.Parse(line)!.ToJsonString()), bobs.Select(e => e.ToJsonString()));
        var mutated = await second.Host.CallAsync(
            PlexumMethods.ConsumeSession,
            JsonNode.Parse(
                $$"""{"agent_id":"alice","workspace":"{{_stage.Workspace}}","mutations":[{"block_id":"call_r","op":"consume-light"}]}"""
            )
        );
        Assert.Equal(1, (int)mutated["touched"]!);
        Assert.Equal(0, (await second.EndAsync()).ExitCode);
        Assert.Equal(daemon, _daemon.Pid);
        Assert.Equal(2, _stage.Turns.Count);
    }

    [Fact]
    public async Task Two_plugins_that_start_at_once_end_with_one_daemon_which_outlives_them()
    {
        var plugins = new[] { Start(), Start(), Start() };

        var turns = await Task.WhenAll(
            plugins.Select(
                (plugin, number) =>
                    plugin.Host.StreamAsync(
                        PlexumHost.Turn("x", $"agent{number}", _stage.File(number.ToString(CultureInfo.InvariantCulture)))
                    )
            )
        );
        await Task.WhenAll(turns.Select(turn => plugins[0].Host.CallAsync(PlexumMethods.Stream, new JsonObject { ["turn_id"] = turn })));
        var pid = Assert.NotNull(_daemon.Pid);

        Assert.Equal(0, (await plugins[0].EndAsync()).ExitCode);
        Assert.Equal(0, (await plugins[1].SignalAsync(ProcessSignal.Terminate)).ExitCode);
        await plugins[2].KillAsync();
        Assert.Equal(pid, _daemon.Pid);
        Assert.Equal(ProcessProbe.SessionOf(pid), pid);
    }

    [Fact]
    public async Task A_daemon_that_cannot_be_started_is_told_with_what_it_said()
    {
        Directory.CreateDirectory(Path.Combine(_stage.Profile, "ledger.db"));

        var (_, message, reason) = await Start().Host.FailAsync(PlexumMethods.Stream, PlexumHost.Turn("x", "alice", _stage.Workspace));

        Assert.Equal("daemon_unavailable", reason);
        Assert.StartsWith(
            $"codex: start: The daemon of the profile {_stage.Profile} exited during startup: ",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("ledger", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_configuration_is_silent_in_the_manifest_and_loud_at_the_start()
    {
        var config = Path.Combine(
            Directory.CreateDirectory(Path.Combine(_stage.Profile, "plugins", "plexum-openai-provider")).FullName,
            "config.json"
        );
        File.WriteAllText(config, """{"binary": 7, "supported_models": ["codex", "gpt-5"]}""");
        var plugin = Start();

        Assert.Equal(
            """["codex","gpt-5"]""",
            (await plugin.Host.CallAsync(PlexumMethods.Manifest))["contracts"]!["provider"]!["models"]!.ToJsonString()
        );
        Assert.StartsWith(
            $"parse {config}: line 1, column ",
            (await plugin.Host.FailAsync(PlexumMethods.Init)).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(config, "{");
        Assert.Equal(
            """["codex"]""",
            (await plugin.Host.CallAsync(PlexumMethods.Manifest))["contracts"]!["provider"]!["models"]!.ToJsonString()
        );
        Assert.StartsWith($"parse {config}: ", (await plugin.Host.FailAsync(PlexumMethods.Init)).Message, StringComparison.Ordinal);
        File.Delete(config);
        Directory.CreateDirectory(config);
        Assert.StartsWith($"read {config}: ", (await plugin.Host.FailAsync(PlexumMethods.Init)).Message, StringComparison.Ordinal);
        Assert.Empty(plugin.Host.Logs);
        Assert.Null(_daemon.Pid);
    }

    [Fact]
    public async Task Its_own_name_is_enough_and_the_end_of_the_input_answers_what_was_asked()
    {
        var link = _stage.File(PlexumMethods.Executable);
        File.CreateSymbolicLink(link, ProgramProcess.PlexumCodex);
        var plugin = RunningPlugin.StartAs(_stage, link);
        _plugins.Add(plugin);

        var (_, answer) = await plugin.Host.BeginAsync("ping");
        var end = await plugin.EndAsync();

        Assert.Equal((0, ""), (end.ExitCode, end.Errors));
        Assert.Equal("{}", (await answer)["result"]!.ToJsonString());
    }

    [Fact]
    public async Task A_signal_ends_it_also_while_its_host_does_not_read()
    {
        var plugin = RunningPlugin.Start(_stage, hostReads: false);
        _plugins.Add(plugin);
        for (var i = 0; i < 200; i++)
        {
            // Each answer has the whole id, and no pipe takes all of them.
            await plugin.Host.SendAsync($$"""{"jsonrpc":"2.0","id":"{{new string('x', 1000)}}","method":"{{PlexumMethods.Manifest}}"}""");
        }

        Assert.Equal(0, (await plugin.SignalAsync(ProcessSignal.Terminate)).ExitCode);
    }

    private RunningPlugin Start()
    {
        var plugin = RunningPlugin.Start(_stage);
        _plugins.Add(plugin);
        return plugin;
    }

    private static async Task InitAsync(RunningPlugin plugin)
    {
        await plugin.Host.CallAsync(PlexumMethods.Init);
        var log = Assert.Single(plugin.Host.Logs);
        Assert.Equal(("info", "openai (codex) provider initialized"), ((string)log["level"]!, (string)log["msg"]!));
        Assert.Equal("""[],["codex"]""", $"{log["fields"]!["extra_args"]!.ToJsonString()},{log["fields"]!["models"]!.ToJsonString()}");
    }

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;
}
