using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Threads that ran a turn when this program found their server, and that no run has asked for since. Of their end nothing is heard, nobody
/// can stop them, and they keep the server. Those of a sub-agent belong to the run of its parent. Used in the turn of the server's actor
/// only.
/// </summary>
/// <param name="link">The server.</param>
/// <param name="table">Its threads.</param>
/// <param name="patience">
/// How long a run may take to ask for its thread, and how long it takes until the threads are looked at again.
/// </param>
/// <param name="ends">
/// Whether such a turn is ended: a daemon has a run for every turn that it knows; another program leaves the turns of other agents alone.
/// </param>
internal sealed class StrayThreads(ServerLink link, ThreadTable table, TimeSpan patience, bool ends)
{
    private LoadedThread[] Strays => [.. table.All.Where(thread => thread is { IsNobodys: true, IsRunning: true })];

    /// <summary>Looks later, if there are any.</summary>
    public void Watch()
    {
        if (Strays.Length > 0)
        {
            link.After(patience, LookAgain.Instance);
        }
    }

    /// <summary>Asks what they are doing now.</summary>
    public void Look()
    {
        foreach (var thread in Strays)
        {
            link.Ask(AppServerMethods.Read, ServerJson.ThreadOnly(thread.Id), read => Take(thread, read));
        }

        Watch();
    }

    private void Take(LoadedThread thread, AppServerReport.Done read)
    {
        var isKnown = read.Fault is null or { Kind: AppServerFaultKind.NotFound or AppServerFaultKind.NoSuchThread };
        if (!isKnown || thread is not { IsNobodys: true, IsRunning: true } || table.Find(thread.Id) != thread)
        {
            return;
        }

        if (!ServerJson.IsActive(read.Result))
        {
            thread.Turn = null;
            table.TellLoad();
            table.Settle(thread);
        }
        else if (ends && !IsOfARun(thread))
        {
            table.BeginUnloading(thread);
        }
    }

    private bool IsOfARun(LoadedThread thread)
    {
        var depth = 0;
        var above = thread;
        while (depth++ < table.All.Length && above.Parent is { } parent && table.Find(parent) is { } found)
        {
            if (!found.IsNobodys)
            {
                return true;
            }

            above = found;
        }

        return false;
    }

    /// <summary>It is time to look.</summary>
    public sealed record LookAgain : IDeadLetterSuppression
    {
        /// <summary>The only instance.</summary>
        public static LookAgain Instance { get; } = new();
    }
}
