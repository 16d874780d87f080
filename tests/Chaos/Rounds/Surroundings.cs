using System.Diagnostics;
using System.Globalization;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Chaos.Rounds;

/// <summary>The processes, locks and files of a run, all of which are known by its directory.</summary>
/// <param name="place">The directory of the run, which the environment of all its processes names.</param>
/// <param name="profile">The daemon's profile, in it.</param>
/// <param name="home">Codex's home, in it.</param>
internal sealed class Surroundings(string place, string profile, string home)
{
    /// <summary>The app-servers that run, whether or not the daemon knows them.</summary>
    public IReadOnlyList<int> Servers => [.. ProcessProbe.Naming(place).Where(IsServer)];

    /// <summary>Kills the app-servers, and returns when they are gone.</summary>
    public static async Task KillAsync(IReadOnlyList<int> servers)
    {
        foreach (var server in servers)
        {
            ProcessProbe.Signal(server, ProcessSignal.Kill);
        }

        foreach (var server in servers)
        {
            await ProcessProbe.GoneAsync(server);
        }
    }

    /// <summary>Whether a thread is on its way out of an app-server.</summary>
    public bool Unloads => Archived().Any();

    /// <summary>Whether codex has a rollout of a thread.</summary>
    public bool HasRollout(string? thread) =>
        thread is not null
        && Directory.Exists(Path.Combine(home, "sessions"))
        && Directory.EnumerateFiles(Path.Combine(home, "sessions"), $"*{thread}*", SearchOption.AllDirectories).Any();

    /// <summary>Waits until nothing is left, and returns what still is.</summary>
    /// <param name="daemon">The daemon's process; null if there is to be none.</param>
    /// <param name="limit">How long it waits.</param>
    public async Task<IReadOnlyList<string>> LeftAfterAsync(int? daemon, TimeSpan limit)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string> left;
        while ((left = Leftovers(daemon)).Count > 0 && clock.Elapsed < limit)
        {
            await looks.WaitForNextTickAsync();
        }

        return left;
    }

    private List<string> Leftovers(int? daemon)
    {
        var all = ProcessProbe.Naming(place).Where(process => process != Environment.ProcessId).ToList();
        var servers = all.FindAll(IsServer);
        int[] sessions = daemon is null ? [] : [.. servers];
        return
        [
            .. all.Where(process => process != daemon && !sessions.Contains(ProcessProbe.SessionOf(process)))
                .Where(ProcessProbe.IsRunning)
                .Select(process => $"left: {Describe(process)}"),
            .. servers.Count > (daemon is null ? 0 : 1)
                ? [$"{servers.Count} app-servers: {string.Join(", ", servers)}"]
                : Array.Empty<string>(),
            .. ServerPlaces().Length > servers.Count
                ? [$"directories of app-servers: {string.Join(", ", ServerPlaces())}"]
                : Array.Empty<string>(),
            .. LocksIn(Path.Combine(home, "thread-writer-locks"), "*.lock", servers),
            .. LocksIn(Path.Combine(profile, "agents"), "*/lock", []),
            .. Archived().Select(file => $"in the archive: {file}"),
        ];
    }

    private string[] ServerPlaces()
    {
        var places = Path.Combine(profile, "app-server");
        return Directory.Exists(places) ? Directory.GetDirectories(places) : [];
    }

    private IEnumerable<string> Archived()
    {
        var archive = Path.Combine(home, "archived_sessions");
        return Directory.Exists(archive) ? Directory.EnumerateFiles(archive, "*", SearchOption.AllDirectories) : [];
    }

    private static bool IsServer(int process) =>
        ProcessProbe.SessionOf(process) == process
        && ProcessProbe.CommandLineOf(process).Contains("\0app-server\0", StringComparison.Ordinal);

    private static string Describe(int process) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"process {process} of session {ProcessProbe.SessionOf(process)}: {ProcessProbe.CommandLineOf(process).Replace('\0', ' ')}"
        );

    private static IEnumerable<string> LocksIn(string folder, string pattern, List<int> owners)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var files = pattern.Split('/') is [var inner, var name]
            ? Directory.EnumerateDirectories(folder, inner).Select(directory => Path.Combine(directory, name))
            : Directory.EnumerateFiles(folder, pattern);
        return files
            .Select(file => (File: file, Holder: LockHolder.Find(file)))
            .Where(held => held.Holder is { } holder && !owners.Contains(holder.Pid ?? 0))
            .Select(held => $"locked: {held.File} by {held.Holder}");
    }
}
