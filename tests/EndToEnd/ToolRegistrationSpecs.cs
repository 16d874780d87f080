using System.Globalization;
using System.Text.RegularExpressions;
using Plexum.Codex.Events;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// The setting <c>codex-mcp-add</c>, which is exec's alone: the servers stand in the user's own configuration. A thread of the app-server
/// has them in its own, of which no other thread knows.
/// </summary>
public sealed class ToolRegistrationSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    // Comments within the section mcp_servers codex itself drops when it edits it (measured on 0.169.0).
    private const string UsersOwn =
        "\n# A comment of the user's.\n[tools]\nview_image = true # mine\n\n[mcp_servers.mine]\ncommand = \"/bin/false\"\n";

    [Fact]
    public async Task Fifty_agents_at_once_have_fifty_entries_and_the_user_s_own_stay_as_they_are()
    {
        await using var rig = new CodexRig(model.Server, "tools.registration=codex-mcp-add");
        var file = Path.Combine(rig.CodexHome, "config.toml");
        await File.AppendAllTextAsync(file, UsersOwn);
        var before = await File.ReadAllTextAsync(file);
        var agents = Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"agent{i:00}")).ToList();
        var hosts = agents.ToDictionary(
            agent => agent,
            agent => new TestToolHandler(($"of_{agent}", call => TestToolHandler.Say(call, $"answer for {agent}")))
        );

        var turns = await Task.WhenAll(
            agents.Select(async agent => (agent, turn: await rig.Begin("Hello.", hosts[agent], agent).EndAsync()))
        );

        Assert.All(turns, run => Assert.DoesNotContain(NoticeCodes.ToolsUnavailable, run.turn.Succeeded().NoticeCodes));
        var after = await File.ReadAllTextAsync(file);
        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.All(agents, agent => Assert.Contains($"[mcp_servers.plexum-host-{agent}]", after, StringComparison.Ordinal));
        Assert.Equal(50, after.Split("[mcp_servers.plexum-host-agent").Skip(1).Count(part => part[2] == ']'));
        Assert.DoesNotContain("TOKEN", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_reaches_its_own_tools_only_though_codex_knows_the_relays_of_all()
    {
        await using var rig = new CodexRig(model.Server, "tools.registration=codex-mcp-add");
        TestToolHandler Host(string agent) => new(($"of_{agent}", call => TestToolHandler.Say(call, $"answer for {agent}")));
        (await rig.Begin("Hello.", Host("alice")).EndAsync()).Succeeded();
        (await rig.Begin("Hello.", Host("bob"), "bob").EndAsync()).Succeeded();
        var started = rig.File("started");
        var relay = rig.File("relay-of-bob");
        await File.WriteAllTextAsync(relay, $"#!/bin/sh\ntouch '{started}'\n");
        File.SetUnixFileMode(relay, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await ReplaceCommandAsync(Path.Combine(rig.CodexHome, "config.toml"), "plexum-host-bob", relay);

        var turn = (await rig.Begin("!mcp plexum-host-alice of_alice\n!outputs", Host("alice")).EndAsync()).Succeeded();

        Assert.EndsWith("answer for alice", turn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(model.Server.RequestsOf(turn.Thread)[^1].Tools, tool => tool.Name == "of_bob");
        Assert.False(File.Exists(started), "codex has started the relay of another agent.");
    }

    // What exec's turns have put there stands there for the app-server too.
    [Theory]
    [EachBackend]
    public async Task A_turn_starts_no_relay_of_an_agent_whose_entry_stands_in_the_configuration(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "tools.registration=codex-mcp-add");
        var started = rig.File("started");
        var relay = rig.File("relay");
        await File.WriteAllTextAsync(relay, $"#!/bin/sh\ntouch '{started}'\n");
        File.SetUnixFileMode(relay, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string EntryOf(string agent) => $"\n[mcp_servers.plexum-host-{agent}]\ncommand = \"{relay}\"\n";
        var entries = EntryOf("alice") + EntryOf("bob");
        await File.AppendAllTextAsync(Path.Combine(rig.CodexHome, "config.toml"), entries);
        TestToolHandler Host() => new(("get", call => TestToolHandler.Say(call, "a value")));

        foreach (var agent in new[] { "alice", "carol" })
        {
            var turn = (await rig.Begin($"!mcp plexum-host-{agent} get\n!outputs", Host(), agent).EndAsync()).Succeeded();
            Assert.EndsWith("a value", turn.Text, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(started), "codex has started the relay of an entry in the configuration.");
    }

    [Fact]
    public async Task An_entry_that_was_lost_is_made_again()
    {
        await using var rig = new CodexRig(model.Server, "tools.registration=codex-mcp-add");
        var file = Path.Combine(rig.CodexHome, "config.toml");
        var before = await File.ReadAllTextAsync(file);
        var host = new TestToolHandler(("get", call => TestToolHandler.Say(call, "a value")));
        (await rig.Begin("Hello.", host).EndAsync()).Succeeded();
        await File.WriteAllTextAsync(file, before);

        var turn = (
            await rig.Begin(
                    "!mcp plexum-host-alice get\n!outputs",
                    new TestToolHandler(("get", call => TestToolHandler.Say(call, "a value")))
                )
                .EndAsync()
        ).Succeeded();

        Assert.EndsWith("a value", turn.Text, StringComparison.Ordinal);
        Assert.Contains("[mcp_servers.plexum-host-alice]", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_a_link_stays_one_and_what_it_leads_to_has_the_entry()
    {
        await using var rig = new CodexRig(model.Server, "tools.registration=codex-mcp-add");
        var file = Path.Combine(rig.CodexHome, "config.toml");
        var own = Directory.CreateDirectory(rig.File("dotfiles")).FullName;
        File.Move(file, Path.Combine(own, "codex.toml"));
        File.CreateSymbolicLink(Path.Combine(own, "second.toml"), "codex.toml");
        File.CreateSymbolicLink(file, "../dotfiles/second.toml");

        var turn = (
            await rig.Begin(
                    "!mcp plexum-host-alice get\n!outputs",
                    new TestToolHandler(("get", call => TestToolHandler.Say(call, "a value")))
                )
                .EndAsync()
        ).Succeeded();

        Assert.EndsWith("a value", turn.Text, StringComparison.Ordinal);
        Assert.Equal("../dotfiles/second.toml", new FileInfo(file).LinkTarget);
        Assert.Equal("codex.toml", new FileInfo(Path.Combine(own, "second.toml")).LinkTarget);
        Assert.Null(new FileInfo(Path.Combine(own, "codex.toml")).LinkTarget);
        Assert.Contains("[mcp_servers.plexum-host-alice]", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_codex_cannot_edit_leaves_the_turn_without_the_host_s_tools()
    {
        await using var rig = new CodexRig(model.Server, "tools.registration=codex-mcp-add");
        var file = Path.Combine(rig.CodexHome, "config.toml");
        var host = new TestToolHandler(("get", _ => null));
        (await rig.SayAsync("First.")).Succeeded();
        var before = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, before + "\n[mcp_servers.broken]\n");

        var turn = await rig.Begin("Hello.", host).EndAsync();

        Assert.Contains(NoticeCodes.ToolsUnavailable, turn.NoticeCodes);
        Assert.Contains("codex mcp", turn.Notice(NoticeCodes.ToolsUnavailable), StringComparison.Ordinal);
    }

    private static async Task ReplaceCommandAsync(string file, string server, string command)
    {
        var text = await File.ReadAllTextAsync(file);
        var changed = Regex.Replace(text, $@"(\[mcp_servers\.{server}\]\ncommand = )""[^""]*""", $"$1\"{command}\"");
        Assert.NotEqual(text, changed);
        await File.WriteAllTextAsync(file, changed);
    }
}
