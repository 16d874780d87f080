using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>What a server has loaded when there is a new connection to it. Used in the turn of its actor only.</summary>
/// <param name="link">The server.</param>
/// <param name="table">Its threads.</param>
/// <param name="opens">The requests to open a thread that have no answer yet.</param>
/// <param name="resume">Has the server resume a thread for a run.</param>
internal sealed class ThreadStock(
    ServerLink link,
    ThreadTable table,
    OpensUnderWay opens,
    Action<LoadedThread, AppServerProtocol.OpenThread, IActorRef, Action<AppServerFault?>> resume
)
{
    /// <summary>
    /// Asks the server what it has loaded. How that was loaded is not known, and nothing is heard of it on a new connection, so a thread is
    /// loaded anew when it is next needed; only to those with a listener is listened at once.
    /// </summary>
    /// <param name="isAgain">Whether there was a connection before.</param>
    /// <param name="then">What follows; it gets why the server did not tell all, or null.</param>
    public void Take(bool isAgain, Action<AppServerFault?> then) => link.Ask(AppServerMethods.LoadedList, [], done =>
        {
            var (open, untold) = (1, done.Fault);
            if (untold is null)
            {
                var loaded = ServerJson.ListOf(done.Result);
                foreach (var gone in table.All.Where(thread => isAgain && !loaded.Contains(thread.Id)))
                {
                    ForgetUnlessLoading(gone);
                }

                foreach (var id in loaded)
                {
                    open++;
                    LookAt(id, Next);
                }
            }

            Next(null);

            void Next(AppServerFault? fault)
            {
                untold ??= fault;
                if (--open == 0)
                {
                    then(untold);
                }
            }
        });

    private void LookAt(ThreadId id, Action<AppServerFault?> then)
    {
        var known = table.Find(id);
        if (known is { Run: { } run })
        {
            known.AwaitsTurn |= known.Opening is not null;
            (known.Phase, known.Opening) = (ThreadPhase.Loaded, null);
            var again = new AppServerProtocol.OpenThread(known.RunTurn, id, new ThreadSetup("")) { Reattach = true };
            resume(known, again, run, fault => then(OrForget(known, fault)));
            return;
        }

        if (known is { Phase: ThreadPhase.Unloading })
        {
            // It is being noted. Then the server is asked.
            then(null);
            return;
        }

        var thread = known ?? table.Add(new LoadedThread(id, ThreadPhase.Loaded));
        (thread.Phase, thread.Fingerprint) = (ThreadPhase.Loaded, null);
        link.Ask(AppServerMethods.Read, ServerJson.ThreadOnly(id), read =>
        {
            thread.Parent = ServerJson.ParentOf(read.Result);
            thread.Turn = ServerJson.IsActive(read.Result) ? thread.Turn ?? "" : null;
            then(IsPassing(read.Fault) ? read.Fault : null);
        });
    }

    // Without an answer, another connection gets it. Else the run would wait for a turn of which it hears nothing.
    private AppServerFault? OrForget(LoadedThread thread, AppServerFault? fault)
    {
        if (fault is null || IsPassing(fault))
        {
            return fault;
        }

        Forget(thread, fault);
        return null;
    }

    // What is being unloaded goes on to be; what was being loaded may be there later.
    private void ForgetUnlessLoading(LoadedThread thread)
    {
        if (thread.IsInDoubt)
        {
            table.BeginUnloading(thread);
        }
        else if (thread.Phase != ThreadPhase.Unloading)
        {
            Forget(thread, ServerThreads.NotLoaded);
        }
    }

    private void Forget(LoadedThread thread, AppServerFault fault)
    {
        if (thread.Opening is { } open)
        {
            opens.End(open);
        }

        table.Forget(thread, fault);
    }

    private static bool IsPassing(AppServerFault? fault) =>
        fault is { Kind: AppServerFaultKind.ServerDown or AppServerFaultKind.NoAnswer or AppServerFaultKind.Overloaded };
}
