using System.Globalization;
using ModelContextProtocol.Client;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Security;

/// <summary>A turn of alice's has a tool of its host; the model of mallory runs commands without a sandbox, as the same user.</summary>
public sealed class HostToolSecuritySpecs(HostToolSecuritySpecs.Daemon daemon) : IClassFixture<HostToolSecuritySpecs.Daemon>
{
    // Takes the token where codex needs it, finds the socket, and says what the relay says.
    private const string Attack = """
        python3 - <<'END'
        import glob, socket, sys
        pid = {0}
        def read(path):
            with open(path, "rb") as file: return file.read()
        environment = dict(v.split(b"=", 1) for v in read(f"/proc/{pid}/environ").split(b"\0") if b"=" in v)
        token = environment[b"PLEXUM_MCP_TOKEN"]
        print("token of", len(token))
        for path in glob.glob("{1}/run/*.sock"):
            try:
                s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(path)
                s.sendall(b"plexum-mcp 1 {2} " + token + b"\n")
                s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
                print("answer:", s.recv(1000))
            except OSError as e:
                print("answer: b''", type(e).__name__)
        END
        """;

    [Fact]
    public async Task S15_A_command_of_another_agent_that_has_the_token_and_the_socket_gets_no_answer()
    {
        var alice = daemon.Agent("alice", "thread", "turn", "relay relay", "touch ready", "wait go", "say done", "completed 1 1");
        var mallory = daemon.Agent("mallory", "thread", "turn", "obey", "completed 1 1");
        var turn = await alice.BeginAsync("x", DaemonApi.WithTool);
        await alice.AppearsAsync("ready");

        var said = await mallory.RunAsync(AttackOn(alice));

        AssertInVain(Assert.Single(said.Texts()));
        await using (var codex = await CodexInPlace.ConnectAsync(alice.File("relay"), turn))
        {
            Assert.Single(await codex.Client.ListToolsAsync().AsTask().WithinLimit());
        }

        alice.Touch("go");
        Assert.Equal("end_turn", (await alice.Api.EventsAsync(turn)).StopReason());
    }

    [Fact]
    public async Task S15_A_command_that_has_left_its_codex_gets_no_answer_either()
    {
        var carol = daemon.Agent(
            "carol",
            "thread",
            "turn",
            "touch ready",
            "wait go",
            "obey",
            "touch left",
            "wait attacked",
            "say done",
            "completed 1 1"
        );
        var attack = carol.File("attack.sh");
        var leave = $"until [ -e left ]; do sleep 0.05; done; sh '{attack}' > said 2>&1; mv said attacked";
        var turn = await carol.BeginAsync($"(setsid sh -c \"{leave}\" < /dev/null > /dev/null 2>&1 &)", DaemonApi.WithTool);
        await carol.AppearsAsync("ready");
        await File.WriteAllTextAsync(attack, AttackOn(carol));
        carol.Touch("go");

        await carol.AppearsAsync("attacked");

        AssertInVain(await File.ReadAllTextAsync(carol.File("attacked")));
        Assert.Equal("end_turn", (await carol.Api.EventsAsync(turn)).StopReason());
    }

    private string AttackOn(AgentOfTest victim) =>
        Attack
            .Replace("{0}", victim.Calls[^1].Pid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{1}", daemon.Stage.Profile.Root, StringComparison.Ordinal)
            .Replace("{2}", victim.Name, StringComparison.Ordinal);

    // It had the token, it reached a socket, and none said a word.
    private static void AssertInVain(string said)
    {
        var lines = said.TrimEnd().Split('\n');
        Assert.Equal("token of 64", lines[0]);
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], line => Assert.StartsWith("answer: b''", line, StringComparison.Ordinal));
    }

    public sealed class Daemon : GuaranteeDaemon;
}
