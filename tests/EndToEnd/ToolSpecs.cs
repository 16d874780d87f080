using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.LoopbackModel.Requests;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

/// <summary>The host's tools inside the real codex.</summary>
public sealed class ToolSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Theory]
    [EachBackend]
    public async Task The_model_sees_the_turn_s_tools_and_gets_what_the_host_answers_and_the_turn_reports_the_model_s_own_ids(
        BackendKind backend
    )
    {
        await using var rig = new CodexRig(model.Server, backend);
        var host = new TestToolHandler(
            ("get", call => TestToolHandler.Say(call, "the value")),
            ("put", call => TestToolHandler.Say(call, "no room", isError: true)),
            ("list", _ => null)
        );

        var turn = (
            await rig.Begin("!mcp plexum-host-alice get {\"key\":\"k1\"}\n!mcp plexum-host-alice put {}\n!outputs", host).EndAsync()
        ).Succeeded();

        var requests = model.Server.RequestsOf(turn.Thread);
        Assert.Equal(["get", "list", "put"], ToolsOf(requests[0]));
        Assert.Contains("the value", turn.Text, StringComparison.Ordinal);
        Assert.Contains("no room", turn.Text, StringComparison.Ordinal);
        var ids = requests[^1].Input.Where(item => item.Type == "function_call").Select(item => item.CallId).ToList();
        Assert.Equal(2, ids.Count);
        Assert.Equal(ids, host.Calls.Select(call => call.CallId));
        Assert.Equal(ids, turn.Events.OfType<CanonicalEvent.ToolCall>().Select(call => call.Id));
        Assert.Equal(
            [("mcp__plexum_host_alice", "get"), ("mcp__plexum_host_alice", "put")],
            turn.Events.OfType<CanonicalEvent.ToolCall>().Select(call => (call.Namespace!, call.Name))
        );
        Assert.Equal(ids, turn.Events.OfType<CanonicalEvent.ToolResult>().Select(result => result.Id));
        Assert.Equal([false, true], turn.Events.OfType<CanonicalEvent.ToolResult>().Select(result => result.IsError));
        Assert.DoesNotContain(
            "mcp_servers",
            await File.ReadAllTextAsync(Path.Combine(rig.CodexHome, "config.toml")),
            StringComparison.Ordinal
        );

        var other = new TestToolHandler(("recall", call => TestToolHandler.Say(call, "yes")));
        var next = (await rig.Begin("!mcp plexum-host-alice recall\n!outputs", other).EndAsync()).Succeeded();
        Assert.Equal(turn.Thread, next.Thread);
        Assert.Equal(["recall"], ToolsOf(model.Server.RequestsOf(turn.Thread)[^1]));
        Assert.Empty(ToolsOf(await LastRequestAsync(rig, "No tools any more.")));
    }

    [Theory]
    [EachBackend]
    public async Task A_tool_that_hangs_and_one_of_20_MB_leave_a_turn_that_ends_well(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "tools.call-timeout=2s");
        var host = new TestToolHandler(("hang", _ => null), ("huge", call => TestToolHandler.Say(call, new string('x', 20_000_000))));

        var turn = (await rig.Begin("!mcp plexum-host-alice hang\n!mcp plexum-host-alice huge\n!say done", host).EndAsync()).Said("done");

        var results = turn.Events.OfType<CanonicalEvent.ToolResult>().ToList();
        Assert.Contains("gave no answer within 2 seconds", results[0].Output, StringComparison.Ordinal);
        Assert.Contains("xxxxx", results[1].Output, StringComparison.Ordinal);
        Assert.True(results[1].Output.Length < 1_100_000);
    }

    [Theory]
    [EachBackend]
    public async Task Tools_that_change_while_the_turn_runs_count_from_then_on(BackendKind backend)
    {
        // codex goes on offering the old ones until the turn ends (measured on 0.169.0); what the model calls of them is told so.
        await using var rig = new CodexRig(model.Server, backend);
        var changed = new TaskCompletionSource<AgentProtocol.ToolsChangeAnswered>();
        var host = new TestToolHandler(("first", call =>
            {
                var command = new AgentProtocol.ChangeTools(call.AgentId, call.TurnId, [new ToolDefinition("second", "The second.", null)]);
                changed.SetResult(rig.System.Registry.Ask<AgentProtocol.ToolsChangeAnswered>(command, Limits.Wait).Result);
                return TestToolHandler.Say(call, "changed");
            }));

        var turn = (
            await rig.Begin("!mcp plexum-host-alice first\n!say between\n!mcp plexum-host-alice first\n!outputs", host).EndAsync()
        ).Succeeded();

        Assert.Equal(ToolsChangeOutcome.Changed, (await changed.Task.WithinLimit()).Outcome);
        Assert.Single(host.Calls);
        Assert.EndsWith("There is no tool first in this turn; there are second.", turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task Twenty_agents_at_once_each_see_and_reach_their_own_tools_only(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var agents = Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"agent{i}")).ToList();

        var turns = await Task.WhenAll(
            agents.Select(async agent =>
            {
                var host = new TestToolHandler(($"of_{agent}", call => TestToolHandler.Say(call, $"answer for {agent}")));
                var turn = await rig.Begin($"!mcp plexum-host-{agent} of_{agent} {{}}\n!outputs", host, agent).EndAsync();
                return (agent, host, turn: turn.Succeeded());
            })
        );

        Assert.All(turns, run =>
        {
            Assert.Equal([$"of_{run.agent}"], ToolsOf(model.Server.RequestsOf(run.turn.Thread)[0]));
            Assert.Equal(run.agent, Assert.Single(run.host.Calls).AgentId.Value);
            Assert.EndsWith($"answer for {run.agent}", run.turn.Text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [EachBackend]
    public async Task A_host_that_goes_in_mid_call_leaves_a_turn_that_ends_well(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var host = new TestToolHandler(("wait", _ => null));
        var turn = rig.Begin("!mcp plexum-host-alice wait\n!outputs", host);
        await host.Called;

        rig.System.Actors.Stop(host.Actor!);

        Assert.Contains("the host that offers it is gone", (await turn.EndAsync()).Succeeded().Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S15_An_intruder_gets_nothing_even_with_the_token_and_nobody_finds_the_token_among_the_arguments(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var host = new TestToolHandler(("wait", _ => null));

        // A thread that begins without tools has them by the relay with either backend.
        (await rig.SayAsync("First.")).Succeeded();
        var turn = rig.Begin("!mcp plexum-host-alice wait\n!outputs", host);
        await host.Called;
        var socket = Assert.Single(Directory.EnumerateFiles(Path.Combine(rig.Profile, "run"), "*.sock"));
        var processes = rig.Processes;
        var token = processes.Select(pid => ProcessProbe.VariableOf(pid, "PLEXUM_MCP_TOKEN")).First(found => found.Length == 64);

        foreach (
            var hello in new[]
            {
                "plexum-mcp 1 alice 00",
                $"plexum-mcp 1 bob {token}",
                $"plexum-mcp 1 alice {token}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
            }
        )
        {
            using var intruder = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await intruder.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            await intruder.SendAsync(Encoding.UTF8.GetBytes(hello + "\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n"));
            var read = 0;
            try
            {
                read = await intruder.ReceiveAsync(new byte[100]).WithinLimit();
            }
            catch (SocketException)
            {
                // Closed while something was unread.
            }

            Assert.Equal(0, read);
        }

        var arguments = processes.Select(ProcessProbe.CommandLineOf).ToList();
        Assert.NotEmpty(arguments);
        Assert.All(arguments, argument => Assert.DoesNotContain(token, argument, StringComparison.Ordinal));
        turn.Cancel();
        await turn.EndAsync();
        await rig.GoneAsync();
    }

    private async Task<ModelRequest> LastRequestAsync(CodexRig rig, string text) =>
        model.Server.RequestsOf((await rig.SayAsync(text)).Succeeded().Thread)[^1];

    // The relay's are in a namespace of MCP, those without a process in one with the server's own name.
    private static IEnumerable<string> ToolsOf(ModelRequest request) =>
        request
            .Tools.Where(tool => tool.Namespace?.Replace('-', '_').Contains("plexum_host_", StringComparison.Ordinal) == true)
            .Select(tool => tool.Name)
            .Order(StringComparer.Ordinal);
}
