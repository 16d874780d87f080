using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>
/// The threads that servers which have ended may have left in codex's archive, until another server has taken them out. Used in the turn of
/// the node's actor only.
/// </summary>
/// <param name="fleet">The servers of the node.</param>
/// <param name="profile">The profile.</param>
/// <param name="self">The actor.</param>
internal sealed class Leftovers(Fleet fleet, string profile, IActorRef self)
{
    private ImmutableArray<ThreadId> _given = [];

    /// <summary>The threads.</summary>
    public ImmutableArray<ThreadId> All { get; private set; } = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => All.IsEmpty;

    /// <summary>A server has left these.</summary>
    public void Add(ImmutableArray<ThreadId> threads)
    {
        All = [.. All.Union(threads)];
        HandOver();
    }

    /// <summary>A server is started that takes them out before anything else: they are in its record from the first.</summary>
    public ImmutableArray<ThreadId> Give() => _given = All;

    /// <summary>The server that takes threads is ready, and has taken out what it was started with.</summary>
    public void NoteReady()
    {
        (All, _given) = ([.. All.Except(_given)], []);
        HandOver();
        ForgetEnded();
    }

    /// <summary>A server has taken one out.</summary>
    public void Remove(ThreadId thread)
    {
        All = All.Remove(thread);
        ForgetEnded();
    }

    // Whatever is asked of these threads waits in the server that takes them out.
    private void HandOver()
    {
        if (!IsEmpty && fleet is { Current: { } current, CurrentEntry.IsReady: true })
        {
            foreach (var thread in All.Where(thread => fleet.Holders.Of(thread) is null))
            {
                fleet.Holders.Note(thread, current, null);
            }

            current.Tell(new ServerProtocol.TakeOut(All));
        }
    }

    private void ForgetEnded()
    {
        if (IsEmpty)
        {
            FileWork.Run(() => FoundServers.Forget(profile)).PipeTo(self);
        }
    }
}
