using System.Text.Json.Nodes;
using Plexum.Codex.Processes;

namespace Plexum.Codex.EndToEnd.Rig;

/// <summary>The app-servers of codex that a profile knows.</summary>
internal static class AppServers
{
    /// <summary>Their numbers.</summary>
    public static IReadOnlyList<int> Of(string profile) =>
        [.. RecordsOf(profile).Select(file => (int?)JsonNode.Parse(File.ReadAllText(file))!["pid"] ?? 0).Where(pid => pid > 0)];

    /// <summary>The files in which it has written down what it knows of them.</summary>
    public static IEnumerable<string> RecordsOf(string profile)
    {
        var places = Path.Combine(profile, "app-server");
        return Directory.Exists(places) ? Directory.EnumerateFiles(places, "server.json", SearchOption.AllDirectories) : [];
    }

    /// <summary>Kills them.</summary>
    /// <returns>Their numbers.</returns>
    public static async Task<IReadOnlyList<int>> KillAsync(string profile)
    {
        var servers = Of(profile);
        foreach (var server in servers)
        {
            ProcessProbe.Signal(server, ProcessSignal.Kill);
            await ProcessProbe.GoneAsync(server);
        }

        return servers;
    }
}
