using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Running;

/// <summary>A codex app-server as it is seen from outside, by somebody who neither ends nor adopts it.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Version">The version of codex; null if it is not on record.</param>
/// <param name="ResidentBytes">How much memory it holds, in bytes; null if it is not known.</param>
public sealed record ServerSighting(int Pid, string? Version, long? ResidentBytes)
{
    private const int MaxArgumentBytes = 64 * 1024;
    private const int ResidentField = 1;

    /// <summary>The servers of a profile that run. File work; nothing is changed.</summary>
    /// <param name="profile">The root of the profile.</param>
    /// <exception cref="IOException">The profile cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The profile may not be read.</exception>
    public static ImmutableArray<ServerSighting> OfProfile(string profile)
    {
        var all = ServerPlace.AllOf(profile);
        return
        [
            .. (Directory.Exists(all) ? Directory.GetDirectories(all) : [])
                .Select(path => new ServerPlace(path))
                .Select(place => (Record: ServerRecord.Load(place), Id: place.Id))
                .Select(found => (found.Record, Process: found.Record?.Process ?? FoundServers.FindByVariable(found.Id)))
                .Where(found => found.Process is { IsRunning: true })
                .Select(found => new ServerSighting(found.Process!.Pid, found.Record?.Version, ResidentOf(found.Process.Pid))),
        ];
    }

    /// <summary>
    /// The app-server that holds the writer lock of a thread, so that no other codex can continue it; null if nobody does, or another
    /// codex, whose turn runs. File work.
    /// </summary>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="thread">The thread.</param>
    public static int? HolderOf(string codexHome, ThreadId thread) =>
        LockHolder.Find(ThreadWriterLock.PathOf(codexHome, thread)) is { Pid: { } pid } && IsServer(pid) ? pid : null;

    /// <summary>How much memory a process holds, in bytes; null if it is not known.</summary>
    /// <param name="pid">The process.</param>
    public static long? ResidentOf(int pid)
    {
        // proc_pid_statm(5): sizes in pages, the resident one second.
        Span<byte> text = stackalloc byte[256];
        var length = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm"), text);
        var fields = Encoding.ASCII.GetString(text[..length]).Split(' ');
        return
            fields.Length > ResidentField
            && long.TryParse(fields[ResidentField], NumberStyles.None, CultureInfo.InvariantCulture, out var pages)
            ? pages * Environment.SystemPageSize
            : null;
    }

    private static bool IsServer(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline");
        return Encoding.UTF8.GetString(ProcFile.ReadAll(path, MaxArgumentBytes)).Split('\0').Contains("app-server");
    }
}
