namespace Plexum.Codex.EndToEnd.Security;

/// <summary>The environment of the daemon has secrets, and the model runs commands.</summary>
public sealed class EnvironmentSpecs : IClassFixture<LoopbackModelFixture>, IDisposable
{
    private const string Secret = "a-secret-of-the-owner";
    private const string Plain = "EVERYBODYS_SETTING";

    private static readonly string[] Secrets = ["SPEC_TOKEN", "spec_api_key", "AWS_SPEC", "MY_SECRET_SPEC", "GITHUB_SPEC"];

    private readonly LoopbackModelFixture _model;

    public EnvironmentSpecs(LoopbackModelFixture model)
    {
        _model = model;
        Array.ForEach(Secrets, name => Environment.SetEnvironmentVariable(name, Secret));
        Environment.SetEnvironmentVariable(Plain, "visible");
    }

    public void Dispose() => Array.ForEach([.. Secrets, Plain], name => Environment.SetEnvironmentVariable(name, null));

    [Theory]
    [InlineData("none")]
    [InlineData("workspace-write")]
    [InlineData("read-only")]
    public async Task S14_A_command_does_not_get_the_secrets_and_still_gets_the_rest(string sandbox)
    {
        await using var rig = new CodexRig(_model.Server, $"codex.sandbox={sandbox}");
        for (var turns = 0; turns < 2; turns++)
        {
            var running = rig.Begin("!run env\n!outputs");
            var said = (await running.EndAsync()).Succeeded().Text;

            Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
            Assert.Contains($"{Plain}=visible", said, StringComparison.Ordinal);
            Assert.Contains($"PLEXUM_CODEX_TURN={running.Id}", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("workspace-write")]
    [InlineData("read-only")]
    public async Task S14_A_command_in_a_sandbox_does_not_find_the_secrets_in_other_processes_either(string sandbox)
    {
        await using var rig = new CodexRig(_model.Server, $"codex.sandbox={sandbox}");

        var turn = await rig.SayAsync("!run cat /proc/[0-9]*/environ | tr '\\0' '\\n'; echo looked\n!outputs");

        Assert.Contains("looked", turn.Succeeded().Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, turn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S14_An_MCP_server_of_the_user_s_keeps_the_variable_that_it_is_given()
    {
        await using var rig = new CodexRig(_model.Server);
        File.WriteAllText(rig.File("secrets.sh"), Server);
        File.AppendAllText(
            Path.Combine(rig.CodexHome, "config.toml"),
            $"\n[mcp_servers.secrets]\ncommand = \"/bin/sh\"\nargs = [\"{rig.File("secrets.sh")}\"]\nenv_vars = [\"SPEC_TOKEN\"]\n"
                + "required = true\ndefault_tools_approval_mode = \"approve\"\n"
        );

        var turn = await rig.SayAsync("!mcp secrets get\n!outputs");

        Assert.Contains(Secret, turn.Succeeded().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S14_What_the_user_s_own_configuration_hides_stays_hidden()
    {
        await using var rig = new CodexRig(_model.Server);
        File.AppendAllText(Path.Combine(rig.CodexHome, "config.toml"), $"\n[shell_environment_policy]\nexclude = [\"{Plain}\"]\n");

        var said = (await rig.SayAsync("!run env\n!outputs")).Succeeded().Text;

        Assert.DoesNotContain(Plain, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

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
