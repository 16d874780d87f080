using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Search;

namespace Plexum.Codex.Exec.Tools;

/// <summary>codex's own commands for the MCP servers in its configuration.</summary>
internal sealed class CodexMcpCommands(ExecServices services)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Whether the configuration file contains the name: a check that needs no process.</summary>
    public bool Mentions(string name)
    {
        var file = Path.Combine(services.Settings.CodexHome, "config.toml");
        return File.Exists(file) && File.ReadAllText(file).Contains(name, StringComparison.Ordinal);
    }

    /// <summary>Removes the entry of that name, if any, and adds it again.</summary>
    /// <exception cref="CodexException">codex could not add it.</exception>
    public async Task PutAsync(ToolServer server)
    {
        await RunAsync(["mcp", "remove", server.Name]).ConfigureAwait(false);
        var variables = server.Variables.SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" });
        var (code, output) = await RunAsync(["mcp", "add", .. variables, server.Name, "--", server.Relay.Path, .. server.Relay.Arguments])
            .ConfigureAwait(false);
        if (code != 0)
        {
            throw new CodexException(FormattableString.Invariant($"codex mcp add: exit status {code}: {output.Trim()}"));
        }
    }

    /// <summary>The names of all entries.</summary>
    /// <exception cref="CodexException">codex did not list them.</exception>
    public async Task<ImmutableHashSet<string>> ListAsync()
    {
        var (code, output) = await RunAsync(["mcp", "list", "--json"]).ConfigureAwait(false);
        try
        {
            using var list = JsonDocument.Parse(output);
            return [.. list.RootElement.EnumerateArray().Select(entry => entry.GetProperty("name").GetString()!)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CodexException(FormattableString.Invariant($"codex mcp list: exit status {code} without a list of servers"), e);
        }
    }

    private async Task<(int Code, string Output)> RunAsync(ImmutableArray<string> arguments)
    {
        var binary = await services.Binaries.FindAsync().ConfigureAwait(false);
        var start = new ProcessStartInfo(binary.Path, arguments) { WorkingDirectory = TrustedPlace.Outside() };
        services.Settings.Environment.GiveTo(start, binary);
        using var limit = new CancellationTokenSource(Limit, services.Time);
        try
        {
            var (code, output, errors) = await ShortProgram.RunAsync(start, limit.Token).ConfigureAwait(false);
            return (code, output.Length > 0 ? output : errors);
        }
        catch (Win32Exception e)
        {
            throw new CodexException($"codex could not be started: {e.Message}", e);
        }
        catch (OperationCanceledException e)
        {
            throw new CodexException($"codex did not answer within {Limit.TotalSeconds:0} seconds", e);
        }
    }
}
