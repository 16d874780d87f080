using System.Text.Json.Nodes;
using Plexum.Codex.Options;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// The MCP Inspector, by its command line, has started the plugin as its server; behind that the daemon and the real codex.
/// </summary>
public sealed class InspectorSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    private const string Launcher = "tests/mcp-inspector/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";

    [Theory]
    [EachBackend]
    public async Task It_lists_the_tools_runs_a_turn_and_is_told_what_was_wrong(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend);
        Directory.CreateDirectory(rig.Profile);
        await using var daemon = new DaemonProcess(rig.Profile, () => rig.ProgramVariables);
        await daemon.StartAsync();

        var (listed, tools) = await InspectAsync(rig, "tools/list");
        Assert.Equal(0, listed);
        Assert.Equal(
            ["codex_turn", "codex_cancel", "codex_approve", "codex_steer", "codex_consume", "codex_agents"],
            tools["tools"]!.AsArray().Select(tool => (string)tool!["name"]!)
        );

        var (ran, turn) = await InspectAsync(
            rig,
            "tools/call",
            "--tool-name",
            "codex_turn",
            "--tool-arg",
            "agent=alice",
            "prompt=Hello from afar."
        );
        Assert.Equal(0, ran);
        Assert.Equal("Hello from afar.", (string)turn["content"]![0]!["text"]!);
        Assert.Equal("end_turn", (string)turn["structuredContent"]!["stop_reason"]!);

        var (_, refused) = await InspectAsync(rig, "tools/call", "--tool-name", "codex_cancel", "--tool-arg", "turn=unknown");
        Assert.True((bool)refused["isError"]!);
    }

    private static async Task<(int ExitCode, JsonObject Answer)> InspectAsync(CodexRig rig, string method, params string[] arguments)
    {
        var variables = rig.Variables().SelectMany(variable => new[] { "-e", $"{variable.Key}={variable.Value}" });
        using var inspector = ProgramProcess.Start(
            "node",
            [Find(), "--cli", .. variables, ProgramProcess.PlexumCodex, "plugin", "--method", method, .. arguments],
            rig.ProgramVariables
        );
        var (exitCode, output, errors) = await inspector.EndsAsync();
        Assert.True(output.StartsWith('{'), output + errors);
        return (exitCode, JsonNode.Parse(output)!.AsObject());
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, Launcher) is var launcher && File.Exists(launcher))
            {
                return launcher;
            }
        }

        throw new FileNotFoundException($"The MCP Inspector is not installed as {Launcher}; ./build.sh test installs it.");
    }
}
