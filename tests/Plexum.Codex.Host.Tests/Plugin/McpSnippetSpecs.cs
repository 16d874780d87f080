using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The configuration of an MCP client in docs/protocols.md, used as such a client does.</summary>
public sealed partial class McpSnippetSpecs : IDisposable
{
    private const string Question = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"codex_agents","arguments":{}}}""";

    private readonly HostStage _stage = new("thread", "turn", "say x", "completed 1 1");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_client_s_plugin_uses_the_daemon_that_runs_and_starts_none_in_another_profile()
    {
        await using var daemon = await _stage.StartDaemonAsync();
        await daemon.Api.EventsAsync(await daemon.Api.SubmitAsync("x", "alice-of-the-profile"));
        var server = JsonNode.Parse(Snippet().Match(await File.ReadAllTextAsync(DocFile())).Groups[1].Value)!["mcpServers"]!["codex"]!;
        Directory.CreateDirectory(_stage.File("elsewhere"));

        // Nothing of the shell's but what every client hands on.
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = _stage.File("elsewhere"),
            ["PLEXUM_PROFILE_ROOT"] = null,
            ["CODEX_HOME"] = null,
        };
        foreach (var (name, _) in server["env"]!.AsObject())
        {
            environment[name] = name == "CODEX_HOME" ? _stage.CodexHome : _stage.Profile;
        }

        using var plugin = ProgramProcess.Start(
            ProgramProcess.PlexumCodex,
            server["args"]!.AsArray().Select(argument => (string)argument!),
            environment
        );
        var end = await plugin.EndsAsync(Question + "\n");

        Assert.True(end.ExitCode == 0, end.Errors);
        Assert.Contains("alice-of-the-profile", end.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.File("elsewhere/.plexum")));
    }

    private static string DocFile()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "docs", "protocols.md")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests lie in no copy of the repository.");
        }

        return Path.Combine(directory.FullName, "docs", "protocols.md");
    }

    [GeneratedRegex(@"^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
