using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd.Security;

/// <summary>The environment of the daemon has secrets, and the model runs commands.</summary>
public sealed class EnvironmentSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Secret = "a-secret-of-the-owner";
    private const string Plain = "EVERYBODYS_SETTING";

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["SPEC_TOKEN"] = Secret,
        ["spec_api_key"] = Secret,
        ["AWS_SPEC"] = Secret,
        ["MY_SECRET_SPEC"] = Secret,
        ["GITHUB_SPEC"] = Secret,
        [Plain] = "visible",
    };

    [Theory]
    [EachBackend("none")]
    [EachBackend("workspace-write")]
    [EachBackend("read-only")]
    public async Task S14_A_command_does_not_get_the_secrets_and_still_gets_the_rest(BackendKind backend, string sandbox)
    {
        await using var rig = NewRig(backend, $"codex.sandbox={sandbox}");
        for (var turns = 0; turns < 2; turns++)
        {
            var running = rig.Begin("!run env\n!outputs");
            var said = (await running.EndAsync()).Succeeded().Text;

            Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
            Assert.Contains($"{Plain}=visible", said, StringComparison.Ordinal);
            var turn = backend == BackendKind.Exec ? running.Id.Value : "thread-of-alice-";
            Assert.Contains($"PLEXUM_CODEX_TURN={turn}", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [EachBackend("workspace-write")]
    [EachBackend("read-only")]
    public async Task S14_A_command_in_a_sandbox_does_not_find_the_secrets_in_other_processes_either(BackendKind backend, string sandbox)
    {
        await using var rig = NewRig(backend, $"codex.sandbox={sandbox}");

        var turn = await rig.SayAsync("!run cat /proc/[0-9]*/environ | tr '\\0' '\\n'; echo looked\n!outputs");

        Assert.Contains("looked", turn.Succeeded().Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, turn.Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S14_An_MCP_server_of_the_user_s_keeps_the_variable_that_it_is_given(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        File.WriteAllText(rig.File("secrets.sh"), Server);
        File.AppendAllText(
            Path.Combine(rig.CodexHome, "config.toml"),
            $"\n[mcp_servers.secrets]\ncommand = \"/bin/sh\"\nargs = [\"{rig.File("secrets.sh")}\"]\nenv_vars = [\"SPEC_TOKEN\"]\n"
                + "required = true\ndefault_tools_approval_mode = \"approve\"\n"
        );

        var turn = await rig.SayAsync("!mcp secrets get\n!outputs");

        Assert.Contains(Secret, turn.Succeeded().Text, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task S14_What_the_user_s_own_configuration_hides_stays_hidden(BackendKind backend)
    {
        await using var rig = NewRig(backend);
        File.AppendAllText(Path.Combine(rig.CodexHome, "config.toml"), $"\n[shell_environment_policy]\nexclude = [\"{Plain}\"]\n");

        var said = (await rig.SayAsync("!run env\n!outputs")).Succeeded().Text;

        Assert.DoesNotContain(Plain, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public async Task No_command_gets_what_systemd_tells_the_daemon_of_its_unit(BackendKind backend)
    {
        string[] names = ["NOTIFY_SOCKET", "LISTEN_FDS", "WATCHDOG_USEC", "INVOCATION_ID", "JOURNAL_STREAM", "STATE_DIRECTORY"];
        await using var rig = new CodexRig(model.Server, backend)
        {
            MoreVariables = names.ToDictionary(name => name, name => $"systemd-s-{name}"),
        };
        using var say = rig.StartProgram("say", "--agent", "alice", "!run env\n!outputs");

        var end = await say.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Contains("PLEXUM_CODEX_TURN=", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("systemd-s-", end.Output, StringComparison.Ordinal);
    }

    private CodexRig NewRig(BackendKind backend, params string[] settings) =>
        new(model.Server, backend, settings) { MoreVariables = Variables };

    // One tool, which says what the server has in its environment.
    private const string Server = """
        while IFS= read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
          case $line in
            *'"method":"initialize"'*)
              result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"secrets","version":"1"}}' ;;
            *'"method":"tools/list"'*) result='{"tools":[{"name":"get","description":"Gets it.","inputSchema":{"type":"object"}}]}' ;;
            *'"method":"tools/call"'*) result="{\"content\":[{\"type\":\"text\",\"text\":\"$SPEC_TOKEN\"}]}" ;;
            *) continue ;;
          esac
          [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
        done
        """;
}
