using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Running;

/// <summary>
/// What earlier processes of this program left of their servers in a profile. Servers of other profiles are not looked at, and neither are
/// those that another program owns.
/// </summary>
/// <param name="Running">The servers that still run; this program owns them now.</param>
/// <param name="Leftovers">The threads that servers which have ended may have left archived.</param>
internal sealed record FoundServers(ImmutableArray<ServerProcess> Running, ImmutableArray<ThreadId> Leftovers)
{
    private const int MaxEnvironmentBytes = 1024 * 1024;

    /// <summary>Why some of them could not be looked at; each is left as it is. Empty if all were.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>
    /// Looks, and removes the directories of servers that have ended. File work. The directory of a server that left threads archived stays
    /// until <see cref="Forget"/>.
    /// </summary>
    /// <exception cref="IOException">The profile cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The profile may not be read.</exception>
    public static FoundServers Look(string profile)
    {
        var running = ImmutableArray.CreateBuilder<ServerProcess>();
        var leftovers = ImmutableArray.CreateBuilder<ThreadId>();
        var problems = ForEachAbandoned(profile, (place, owner) =>
        {
            if (Find(place, owner) is { } server)
            {
                running.Add(server);
                return true;
            }

            var record = ServerRecord.Load(place);
            leftovers.AddRange(ServerProcess.ThreadsOf(record));
            CleanUp(place, record);
            return false;
        });
        return new FoundServers(running.DrainToImmutable(), [.. leftovers.Distinct()]) { Problems = problems };
    }

    /// <summary>This program does not look after the servers: another one, or a later look, may find them.</summary>
    public void LetGo()
    {
        foreach (var server in Running)
        {
            server.LetGo();
        }
    }

    /// <summary>
    /// Removes the directories of servers that have ended, once another one has their leftovers in its record. File work.
    /// </summary>
    /// <exception cref="IOException">One cannot be looked at. The others were.</exception>
    public static void Forget(string profile)
    {
        var problems = ForEachAbandoned(profile, (place, _) =>
        {
            if (ServerRecord.Load(place)?.Process is { IsRunning: false })
            {
                ServerProcess.Remove(place);
            }

            return false;
        });
        if (problems is [var problem, ..])
        {
            throw new IOException(problem);
        }
    }

    // One that cannot be looked at keeps no other from being found.
    private static ImmutableArray<string> ForEachAbandoned(string profile, Func<ServerPlace, FileLock, bool> keeps)
    {
        var all = ServerPlace.AllOf(profile);
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var path in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
        {
            try
            {
                LookAt(new ServerPlace(path), keeps);
            }
            catch (Exception e) when (e is CodexException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path}: {e.Message}");
            }
        }

        return problems.DrainToImmutable();
    }

    // The lock of a place is there before the place, so whoever can take it has to do with nobody.
    private static void LookAt(ServerPlace place, Func<ServerPlace, FileLock, bool> keeps)
    {
        if (FileLock.TryAcquire(place.OwnerLock, out _) is not { } owner)
        {
            return;
        }

        var isKept = false;
        try
        {
            isKept = keeps(place, owner);
        }
        finally
        {
            if (!isKept)
            {
                owner.Dispose();
            }
        }
    }

    private static ServerProcess? Find(ServerPlace place, FileLock owner)
    {
        var record = ServerRecord.Load(place);
        var identity = record?.Process ?? FindByVariable(place.Id);
        if (identity is not { IsRunning: true })
        {
            return null;
        }

        record ??= Unknown(place);
        return new ServerProcess(
            place,
            record with
            {
                Pid = identity.Pid,
                PidStartedAt = identity.StartedAt,
                BootId = identity.BootId,
            },
            CodexProcess.Attach(identity),
            owner
        );
    }

    // Nothing is there if another program has just removed it.
    private static void CleanUp(ServerPlace place, ServerRecord? record)
    {
        if (record is { HasEnded: false, Process: { } identity })
        {
            ServerProcess.KillSession(identity);
        }

        if (record is null || ServerProcess.ThreadsOf(record).IsEmpty)
        {
            ServerProcess.Remove(place);
        }
        else if (!record.HasEnded)
        {
            (record with { HasEnded = true }).Save(place);
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
        var variable = Encoding.UTF8.GetBytes($"\0{ServerLauncher.Variable}={id}\0");
        return ProcessEntry
            .ReadAll()
            .Where(entry => entry.Pid == entry.Session && !entry.IsZombie && EnvironmentOf(entry.Pid).AsSpan().IndexOf(variable) >= 0)
            .OrderBy(entry => entry.StartedAt)
            .Select(entry => new ProcessIdentity(entry.Pid, entry.StartedAt, ProcessIdentity.CurrentBootId))
            .FirstOrDefault();
    }

    // Every variable stands between two zeros then, the first one too.
    private static byte[] EnvironmentOf(int pid) =>
        [0, .. ProcFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"), MaxEnvironmentBytes)];
}
