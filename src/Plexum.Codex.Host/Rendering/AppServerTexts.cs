using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Health.Probes;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Describes codex's app-server in a line.</summary>
internal static class AppServerTexts
{
    /// <summary>Whether there is anything to say: no server that was never needed.</summary>
    public static bool IsOfInterest(AppServerDocument server) =>
        server is not { Phase: "stopped", Restarts: 0, Problem: null, DrainingPids.IsEmpty: true };

    /// <summary>What it is: phase, process, version and memory.</summary>
    public static string Describe(AppServerDocument server)
    {
        var process = server.Pid is { } pid ? FormattableString.Invariant($", process {pid}") : "";
        var version = server.Version is { Length: > 0 } known ? $", codex {known}" : "";
        var memory = server.ResidentBytes is { } bytes ? $", {RoomProbe.Describe(bytes)}" : "";
        return $"{PhaseOf(server)}{process}{version}{memory}";
    }

    /// <summary>What it does: threads, turns, restarts, and servers that are on their way out.</summary>
    public static string DescribeWork(AppServerDocument server)
    {
        var draining = server.DrainingPids.IsEmpty
            ? ""
            : FormattableString.Invariant($", finishing their turns: processes {string.Join(", ", server.DrainingPids)}");
        return $"{Count(server.LoadedThreads, "thread")} loaded, {Count(server.RunningTurns, "turn")} running, "
            + $"{Count(server.Restarts, "restart")}{draining}";
    }

    private static string PhaseOf(AppServerDocument server) =>
        server.Phase switch
        {
            "ready" => "ready",
            "starting" => "starting",
            "backing_off" => "died, and is started again in a moment",
            _ => "not running",
        };

    private static string Count(int count, string what) => $"{TurnTexts.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
