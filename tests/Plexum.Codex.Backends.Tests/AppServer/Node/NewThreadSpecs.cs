using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;

namespace Plexum.Codex.AppServer.Node;

/// <summary>A new thread has its sandbox, and codex does not trust its workspace for that.</summary>
public sealed class NewThreadSpecs : AppServerTestKit
{
    [Theory]
    [InlineData("danger-full-access", null, "dangerFullAccess")]
    [InlineData("workspace-write", null, "workspaceWrite")]
    [InlineData("read-only", null, "read-only")]
    [InlineData(null, "mine", "mine")]
    [InlineData(null, null, "read-only")]
    public void A_new_thread_has_its_sandbox_and_its_workspace_is_not_trusted(string? mode, string? profile, string expected)
    {
        Stage.Script("turn", "say ${sandbox}", "completed 1 1");
        var run = NewRun(NewNode());
        var config = profile is null ? null : new JsonObject { ["default_permissions"] = profile };

        run.Opens(null, new ThreadSetup(Stage.Workspace) { Sandbox = mode, Config = config });
        run.Starts("one");

        var said = string.Concat(run.Hears("turn/completed").Select(said => said.Parameters.GetRawText()));
        Assert.Contains($"\"text\":\"{expected}\"", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Stage.CodexHome, "config.toml")));
    }

    [Fact]
    public void A_new_thread_whose_sandbox_is_not_taken_is_refused()
    {
        Settings = Settings with { RequestLimit = TimeSpan.FromMilliseconds(300) };
        Stage.Script("no-answer thread/settings/update", "turn", "completed 1 1");
        var node = NewNode();
        var run = NewRun(node);

        run.Open(null, new ThreadSetup(Stage.Workspace) { Sandbox = "danger-full-access" });

        run.Expect<AppServerProtocol.Refused>();
        Assert.Equal(0, StateOf(node).Loaded);
    }

    [Fact]
    public void What_the_configuration_says_about_a_writable_workspace_holds_and_the_thread_s_own_goes_over_it()
    {
        using var read = JsonDocument.Parse(
            """{"config":{"sandbox_workspace_write":{"writable_roots":["/opt"],"network_access":true,"exclude_slash_tmp":true,"new":1}}}"""
        );
        var overrides = new JsonObject
        {
            ["sandbox_workspace_write.network_access"] = false,
            ["sandbox_workspace_write"] = new JsonObject { ["exclude_tmpdir_env_var"] = true },
        };

        Assert.Equal(
            """{"sandboxPolicy":{"type":"workspaceWrite","writableRoots":["/opt"],"networkAccess":false"""
                + ""","excludeTmpdirEnvVar":true,"excludeSlashTmp":true}}""",
            ThreadSandbox.WritableOf(read.RootElement, overrides).ToJsonString()
        );
        Assert.Equal("""{"sandboxPolicy":{"type":"workspaceWrite"}}""", ThreadSandbox.WritableOf(default, null).ToJsonString());
    }
}
