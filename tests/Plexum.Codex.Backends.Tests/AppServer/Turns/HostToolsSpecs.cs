using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>How the server's threads get the host's tools, and who may connect for them.</summary>
public sealed class HostToolsSpecs : IDisposable
{
    private static readonly AgentId Agent = AgentId.Parse("alice");

    private readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_tool_is_shown_in_the_namespace_of_its_server_under_a_name_that_codex_takes()
    {
        var tools = DynamicTools.Of(Server("plexum-host-alice", "notes.get", "put"))!;

        var space = Assert.Single(tools)!;
        Assert.Equal(("namespace", "plexum-host-alice"), ((string)space["type"]!, (string)space["name"]!));
        Assert.Equal(["notes_get", "put"], space["tools"]!.AsArray().Select(tool => (string)tool!["name"]!));
        Assert.Equal("""{"type":"object"}""", space["tools"]![0]!["inputSchema"]!.ToJsonString());
    }

    [Fact]
    public void Two_tools_that_would_have_the_same_name_come_by_the_relay() =>
        Assert.Null(DynamicTools.Of(Server("plexum-host-a", "a.b", "a/b")));

    [Fact]
    public void The_namespaces_of_agents_with_long_names_are_short_enough_and_differ()
    {
        var names = new[] { "1", "2" }
            .Select(end => (string)DynamicTools.Of(Server($"plexum-host-{new string('a', 80)}{end}", "get"))![0]!["name"]!)
            .ToList();

        Assert.All(names, name => Assert.InRange(name.Length, 1, 64));
        Assert.NotEqual(names[0], names[1]);
        Assert.All(names, name => Assert.True(ToolServerName.IsOne(name)));
    }

    [Fact]
    public void The_relay_has_its_token_in_its_own_environment_and_the_tools_are_told_one_way_only()
    {
        var setup = new ThreadSetup("/w") { Config = new JsonObject { ["model"] = "m" } };

        var relayed = HostTools.WithRelay(setup with { DynamicTools = [1] }, Server("plexum-host-alice", "get"));

        Assert.Null(relayed.DynamicTools);
        Assert.Equal("m", (string?)relayed.Config!["model"]);
        Assert.Equal("secret", (string?)relayed.Config["mcp_servers.plexum-host-alice"]!["env"]![ToolServer.TokenVariable]);
        Assert.NotEqual(setup.Fingerprint, relayed.Fingerprint);
        Assert.Single(setup.Config);
    }

    [Fact]
    public void A_schema_that_codex_does_not_take_is_told_from_other_refusals()
    {
        Assert.True(
            HostTools.AreRefused(new AppServerFault(AppServerFaultKind.Other, "dynamic tool input schema is not supported for a: …"))
        );
        Assert.False(HostTools.AreRefused(new AppServerFault(AppServerFaultKind.Other, "no room")));
    }

    [Fact]
    public async Task A_connection_waits_until_it_is_known_which_server_loads_the_thread()
    {
        using var pair = new PeerPair(_files.Root);
        var turn = NewTurn();

        var isOwn = turn.IsOwnAsync(pair.Peer, CancellationToken.None);
        Assert.False(isOwn.IsCompleted);
        turn.NoteServer(MarkOf(ProcessProbe.Identify(Environment.ProcessId)));

        Assert.True(await isOwn.WithinLimit());
        using var limit = new CancellationTokenSource();
        var another = NewTurn().IsOwnAsync(pair.Peer, limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => another.WithinLimit());
    }

    [Fact]
    public async Task What_another_server_or_an_ended_turn_started_is_not_the_turn_s()
    {
        using var pair = new PeerPair(_files.Root);
        var own = ProcessProbe.Identify(Environment.ProcessId);
        var turn = NewTurn();
        turn.NoteServer(MarkOf(own) with { StartTicks = own.StartedAt + 1 });
        Assert.False(await turn.IsOwnAsync(pair.Peer, CancellationToken.None).WithinLimit());

        turn.NoteServer(MarkOf(own));
        Assert.True(await turn.IsOwnAsync(pair.Peer, CancellationToken.None).WithinLimit());

        var ended = ServerTurn.Of(BackendTurn, Record(own) with { Settled = true });
        Assert.False(await ended.IsOwnAsync(pair.Peer, CancellationToken.None).WithinLimit());
        var recovered = ServerTurn.Of(BackendTurn, Record(own));
        Assert.True(await recovered.IsOwnAsync(pair.Peer, CancellationToken.None).WithinLimit());
    }

    private static AppServerProtocol.ServerMark MarkOf(ProcessIdentity process) => new(process.Pid, process.StartedAt);

    private static AppServerRecord Record(ProcessIdentity server) =>
        new()
        {
            Backend = AppServerRecord.BackendName,
            TurnId = "turn-1",
            AgentId = "alice",
            Workspace = "/w",
            Thread = "019a0000-0000-7000-8000-00000000abcd",
            StartedAt = DateTimeOffset.UnixEpoch,
            ServerPid = server.Pid,
            ServerStartTicks = server.StartedAt,
        };

    private BackendTurn BackendTurn
    {
        get
        {
            var id = TurnId.Parse("turn-1");
            return new BackendTurn(Agent, id, TurnDirectory.Of(new AgentDirectory(_files.Root, Agent), id));
        }
    }

    private ServerTurn NewTurn() => new(BackendTurn);

    private static ToolServer Server(string name, params string[] tools) =>
        new(name, new RelayProgram("/relay", []), ImmutableSortedDictionary<string, string>.Empty, "secret", TimeSpan.FromMinutes(5))
        {
            Tools = [.. tools.Select(tool => new OfferedTool(tool, "", """{"type":"object"}"""))],
        };

    /// <summary>A connection of this process to itself.</summary>
    private sealed class PeerPair : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly Socket _client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly Socket _accepted;

        public PeerPair(string directory)
        {
            var place = new UnixDomainSocketEndPoint(Path.Combine(directory, "s"));
            _listener.Bind(place);
            _listener.Listen();
            _client.Connect(place);
            _accepted = _listener.Accept();
            Peer = SocketPeer.Of(_accepted);
        }

        public SocketPeer Peer { get; }

        public void Dispose()
        {
            Peer.Dispose();
            _accepted.Dispose();
            _client.Dispose();
            _listener.Dispose();
        }
    }
}
