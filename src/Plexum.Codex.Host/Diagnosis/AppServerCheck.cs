using Plexum.Codex.AppServer.Running;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Files;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>
/// Looks at codex's app-server, and for one that was left behind: what it has loaded is locked for every other codex, so the agents' turns
/// would wait for it.
/// </summary>
internal static class AppServerCheck
{
    /// <summary>What a daemon says of its server.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="server">What it says; null from a daemon of an earlier version, which has none, or if it does not know.</param>
    public static IEnumerable<Finding> OfDaemon(ProgramSettings settings, AppServerDocument? server)
    {
        if (server is null)
        {
            return [];
        }

        IEnumerable<int> own = server.Pid is { } pid ? [pid, .. server.DrainingPids] : server.DrainingPids;
        return [.. OfServer(server), .. Strangers(settings, [.. own])];
    }

    /// <summary>What is there while no daemon runs.</summary>
    /// <param name="settings">The settings.</param>
    public static IEnumerable<Finding> WithoutDaemon(ProgramSettings settings)
    {
        try
        {
            var left = ServerSighting.OfProfile(settings.Profile.Root);
            return [.. left.Select(server => OfLeft(settings, server)), .. Strangers(settings, [.. left.Select(server => server.Pid)])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new Finding($"Whether a codex app-server was left running is unknown: {e.Message}", Profile.Advice)];
        }
    }

    private static IEnumerable<Finding> OfServer(AppServerDocument server)
    {
        if (server.Problem is { } problem)
        {
            yield return new Finding(
                $"codex app-server: {AppServerTexts.Describe(server)}: {problem}",
                "The daemon starts it again by itself. If it stays so, update or reinstall codex, or set codex.backend = exec."
            );
        }
        else if (AppServerTexts.IsOfInterest(server))
        {
            yield return new Finding($"codex app-server: {AppServerTexts.Describe(server)}; {AppServerTexts.DescribeWork(server)}.");
        }
    }

    private static Finding OfLeft(ProgramSettings settings, ServerSighting server)
    {
        var held = ThreadsOf(settings).Count(thread => ServerSighting.HolderOf(settings.Exec.CodexHome, thread.Thread) == server.Pid);
        var version = server.Version is { Length: > 0 } known ? $" {known}" : "";
        var memory = server.ResidentBytes is { } bytes ? $" with {RoomProbe.Describe(bytes)}" : "";
        return new Finding(
            FormattableString.Invariant($"codex app-server{version}{memory} still runs as process {server.Pid}, although no daemon does, ")
                + FormattableString.Invariant($"and holds the threads of {held} agents."),
            "A daemon takes it over with the turns that run in it, or ends it: \"plexum-codex daemon start\". To end it with its turns: "
                + FormattableString.Invariant($"kill {server.Pid}, and once more if it does not end.")
        );
    }

    // An editor has an app-server of its own, which is nobody's problem until it has an agent's thread.
    private static IEnumerable<Finding> Strangers(ProgramSettings settings, int[] known) =>
        ThreadsOf(settings)
            .Select(thread => (thread.Agent, Pid: ServerSighting.HolderOf(settings.Exec.CodexHome, thread.Thread)))
            .Where(found => found.Pid is { } pid && !known.Contains(pid))
            .GroupBy(found => found.Pid!.Value, found => found.Agent)
            .Select(held => new Finding(
                FormattableString.Invariant(
                    $"The codex app-server with the process {held.Key} is not this profile's, and holds the thread of "
                ) + $"{string.Join(", ", held)}.",
                "Turns of these agents fail with thread_busy until it lets go. Close the thread in the editor or program that has it open. "
                    + FormattableString.Invariant(
                        $"If nothing needs the process, end it: kill {held.Key}, and once more if it does not end."
                    )
            ));

    private static IEnumerable<(AgentId Agent, ThreadId Thread)> ThreadsOf(ProgramSettings settings)
    {
        var register = new FileThreadRegister(settings.Profile.Root);
        foreach (var agent in ThreadsCheck.AgentsOf(settings.Profile))
        {
            if (Find(register, agent) is { } thread)
            {
                yield return (agent, thread);
            }
        }
    }

    private static ThreadId? Find(FileThreadRegister register, AgentId agent)
    {
        try
        {
            return register.Find(agent) is RecordedThread.Current { Thread: var thread } ? thread : null;
        }
        catch (ThreadRecordException)
        {
            // ThreadsCheck tells it.
            return null;
        }
    }
}
