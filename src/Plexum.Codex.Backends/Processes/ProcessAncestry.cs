using System.Collections.Immutable;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes.Table;

namespace Plexum.Codex.Processes;

/// <summary>
/// The parents of a process, as far as they live. A process whose parent has ended has another one, so it no longer descends from what
/// started it.
/// </summary>
public static class ProcessAncestry
{
    private const int MaxDepth = 1024;

    /// <summary>The process at the other end of a socket and its ancestors, the nearest first; empty if it is no longer running.</summary>
    public static ImmutableArray<ProcessIdentity> Of(SocketPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var line = ImmutableArray.CreateBuilder<ProcessIdentity>();
        for (ProcessEntry? entry = ProcessEntry.Read(peer.Pid); entry is { } found && line.Count < MaxDepth; entry = ParentOf(found))
        {
            line.Add(new ProcessIdentity(found.Pid, found.StartedAt, ProcessIdentity.CurrentBootId));
        }

        // Only now is it certain that the first entry was this process's and not that of a later one with its pid.
        return peer.IsRunning ? line.DrainToImmutable() : [];
    }

    // A parent that started after its child is another process, which got the pid of one that ended meanwhile.
    private static ProcessEntry? ParentOf(ProcessEntry child) =>
        child.Parent > 0 && ProcessEntry.Read(child.Parent) is { } parent && parent.StartedAt <= child.StartedAt ? parent : null;
}
