using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// What earlier processes of this program left of their servers in a profile. Servers of other profiles are not looked at.
/// </summary>
/// <param name="Running">The servers that still run.</param>
/// <param name="Leftovers">The threads that servers which have ended may have left archived.</param>
internal sealed record FoundServers(ImmutableArray<ServerProcess> Running, ImmutableArray<ThreadId> Leftovers)
{
    private const int MaxEnvironmentBytes = 1024 * 1024;

    /// <summary>
    /// Looks, and removes the directories of servers that have ended. File work. The directory of a server that left threads archived stays
    /// until <see cref="Forget"/>.
    /// </summary>
    /// <exception cref="IOException">The profile cannot be read.</exception>
    /// <exception cref="CodexException">A server cannot be watched.</exception>
    public static FoundServers Look(string profile)
    {
        var all = ServerPlace.AllOf(profile);
        var running = ImmutableArray.CreateBuilder<ServerProcess>();
        var leftovers = ImmutableArray.CreateBuilder<ThreadId>();
        foreach (var path in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
        {
            var place = new ServerPlace(path);
            var record = ServerRecord.Load(place);
            var identity = record?.Process ?? FindByVariable(place.Id);
            if (identity is { IsRunning: true })
            {
                record ??= Unknown(place);
                running.Add(
                    new ServerProcess(
                        place,
                        record with
                        {
                            Pid = identity.Pid,
                            PidStartedAt = identity.StartedAt,
                            BootId = identity.BootId,
                        },
                        CodexProcess.Attach(identity)
                    )
                );
                continue;
            }

            if (identity is not null)
            {
                ServerProcess.KillSession(identity);
            }

            leftovers.AddRange(ServerProcess.ThreadsOf(record));
            if (record is null or { Unloading.IsEmpty: true })
            {
                ServerProcess.Remove(place);
            }
        }

        return new FoundServers(running.DrainToImmutable(), [.. leftovers.Distinct()]);
    }

    /// <summary>
    /// Removes the directories of servers that have ended, once another one has their leftovers in its record. File work.
    /// </summary>
    public static void Forget(string profile)
    {
        var all = ServerPlace.AllOf(profile);
        foreach (var path in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
        {
            var place = new ServerPlace(path);
            if (ServerRecord.Load(place)?.Process is { IsRunning: false })
            {
                ServerProcess.Remove(place);
            }
        }
    }

    private static ServerRecord Unknown(ServerPlace place) =>
        new()
        {
            Binary = "",
            Version = "",
            StartedAt = default,
            Socket = place.Socket,
        };

    // Its program may have died before it noted the pid.
    internal static ProcessIdentity? FindByVariable(string id)
    {
        var variable = Encoding.UTF8.GetBytes($"{ServerLauncher.Variable}={id}\0");
        return ProcessEntry
            .ReadAll()
            .Where(entry => entry.Pid == entry.Session && !entry.IsZombie && EnvironmentOf(entry.Pid).AsSpan().IndexOf(variable) >= 0)
            .OrderBy(entry => entry.StartedAt)
            .Select(entry => new ProcessIdentity(entry.Pid, entry.StartedAt, ProcessIdentity.CurrentBootId))
            .FirstOrDefault();
    }

    private static byte[] EnvironmentOf(int pid) =>
        ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"), MaxEnvironmentBytes);
}
