using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Opens the threads of one server, starts turns in them, and hands on what the server says: to the thread's listener. Sub-agents have
/// threads of their own, and nobody listens to those. Used in the turn of its <see cref="ServerActor"/> only.
/// </summary>
internal sealed class ServerThreads(ServerLink link, int maxThreads, bool endsStrays)
{
    private const string RateLimits = "account/rateLimits/updated";

    // Behind the answer to thread/resume come the thread's total, if it has one, and thread/goal/cleared (measured on 0.169.0 and 0.171.0).
    private static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(1);

    /// <summary>A server does not have a thread loaded.</summary>
    public static readonly AppServerFault NotLoaded = new(
        AppServerFaultKind.NoSuchThread,
        "codex app-server does not have the thread loaded."
    );

    private readonly NewThread _new = new(link);

    /// <summary>The threads.</summary>
    public ThreadTable Table { get; } = new(link, maxThreads, endsStrays);

    /// <summary>The requests to open a thread that have no answer yet.</summary>
    public OpensUnderWay Opens { get; } = new();

    /// <summary>Whether the server ends without harm to a turn: none runs, and none is about to, nor is one's result looked for.</summary>
    public bool IsFree => Table is { Running: 0, IsAwaitingTurn: false } && !Opens.HasReattach;

    /// <summary>The version of codex; null if it did not tell.</summary>
    public string? Version => ServerJson.VersionOf(link.UserAgent);

    private AppServerProtocol.ServerMark Mark => new(link.Server.Process.Identity.Pid, link.Server.Process.Identity.StartedAt);

    /// <summary>Tells a run that its thread was not opened.</summary>
    public static void Refuse(IActorRef run, AppServerProtocol.OpenThread open, AppServerFault fault) =>
        run.Tell(
            new AppServerProtocol.Refused(open.TurnId, fault)
            {
                Method = open.Thread is null ? AppServerMethods.Start : AppServerMethods.Resume,
            }
        );

    /// <inheritdoc cref="ThreadStock.Take"/>
    public void TakeStock(bool isAgain, Action<AppServerFault?> then) => new ThreadStock(link, Table, Opens, Resume).Take(isAgain, then);

    /// <summary>Loads a thread, or begins one.</summary>
    public void Open(AppServerProtocol.OpenThread open, IActorRef run)
    {
        if (open.Thread is { } known && Table.Find(known) is { } thread)
        {
            OpenKnown(thread, open, run);
        }
        else if (open.Reattach)
        {
            Table.Refuse(run, open, NotLoaded);
        }
        else if (Table.IsDraining)
        {
            HandBack(open, run);
        }
        else if (open.Thread is { } unknown)
        {
            Resume(Table.Add(new LoadedThread(unknown, ThreadPhase.Loading)), open, run);
        }
        else
        {
            Begin(open, run);
        }
    }

    /// <summary>Hands on what the server tells.</summary>
    public void OnTold(AppServerReport.Told told)
    {
        if (told.Method == RateLimits)
        {
            foreach (var listened in Table.All)
            {
                listened.Run?.Tell(new AppServerProtocol.Said(listened.Id, told.Method, told.Parameters));
            }
        }
        else if (told.Method == NewThread.Told)
        {
            _new.OnTold(told.Parameters, id => Table.Find(id) is not null);
        }
        else if (ServerJson.ThreadOf(told.Parameters) is { } id && Table.Find(id) is { } thread)
        {
            OnTold(thread, told);
        }
    }

    /// <summary>
    /// Hands on what the server asks. It waits for the heir of a run that is gone, because the server asks again after
    /// <c>thread/resume</c>; nobody will ever listen to another thread, such as a sub-agent's.
    /// </summary>
    public void OnAsked(AppServerReport.Asked asked)
    {
        if (ServerJson.ThreadOf(asked.Parameters) is not { } id || Table.Find(id) is not { } thread || thread.IsNobodys)
        {
            link.Decline(asked.RequestId, $"plexum-codex does not answer {asked.Method} here.");
            if (ServerJson.ThreadOf(asked.Parameters) is { } nobodys)
            {
                Table.TellAbove(nobodys, asked.Method);
            }
        }
        else
        {
            thread.Run?.Tell(new AppServerProtocol.Asked(id, asked.RequestId, asked.Method, asked.Parameters));
        }
    }

    /// <summary>Answers who waits for a thread, whose total has come or does not come.</summary>
    public void FinishOpening(ThreadId id)
    {
        if (Table.Find(id) is { Opening: { } open, Run: var run } thread)
        {
            thread.Opening = null;
            Opened(thread, open, run, turns: null);
        }
    }

    private void OpenKnown(LoadedThread thread, AppServerProtocol.OpenThread open, IActorRef run)
    {
        if (thread.Phase != ThreadPhase.Loaded)
        {
            thread.Waiting.Enqueue((open, run));
        }
        else if (thread is { Run: { } other, IsRunning: true } && !run.Equals(other))
        {
            Table.Refuse(run, open, new AppServerFault(AppServerFaultKind.Busy, "Another turn of this program runs in the thread."));
        }
        else if (!open.Reattach && Table.Spares(thread))
        {
            Table.Refuse(run, open, new AppServerFault(AppServerFaultKind.Busy, "A turn of a daemon that is gone runs in the thread."));
        }
        else if (open.Reattach)
        {
            Resume(thread, open, run);
        }
        else if (!Table.IsDraining && !thread.IsRunning && thread.IsAs(open))
        {
            Table.Listen(thread, run, open.TurnId);
            Opened(thread, open, run, turns: null);
        }
        else
        {
            // Loaded otherwise, from another file, or with a turn that nobody listens to any more.
            thread.Waiting.Enqueue((open, run));
            Table.BeginUnloading(thread);
        }
    }

    private void Begin(AppServerProtocol.OpenThread open, IActorRef run)
    {
        run.Tell(new AppServerProtocol.Opening(open.TurnId, Mark));
        Opens.Begin(open, run);
        _new.Begin(open.Setup, done =>
        {
            if (!Opens.Has(open))
            {
                // Taken back, because the server ends.
            }
            else if (done.Fault is { } fault)
            {
                Failed(open, run, fault);
            }
            else if (ServerJson.LoadedOf(done.Result) is { } id)
            {
                var thread = new LoadedThread(id, ThreadPhase.Loaded)
                {
                    HasRollout = false,
                    Total = Usage.Zero,
                    Fingerprint = open.Setup.Fingerprint,
                    Path = ServerJson.PathOf(done.Result),
                };
                Table.Add(thread);
                Table.Listen(thread, run, open.TurnId);
                Opened(thread, open, run, turns: null);
            }
            else
            {
                Failed(open, run, new AppServerFault(AppServerFaultKind.Unreadable, "codex app-server began a thread without an id."));
            }
        });
    }

    private void Resume(LoadedThread thread, AppServerProtocol.OpenThread open, IActorRef run, Action<AppServerFault?>? then = null)
    {
        var wasLoaded = thread.Phase == ThreadPhase.Loaded;
        thread.Phase = ThreadPhase.Loading;
        run.Tell(new AppServerProtocol.Opening(open.TurnId, Mark));
        if (then is null)
        {
            Opens.Begin(open, run);
        }

        link.Ask(AppServerMethods.Resume, ServerJson.ResumeOf(thread.Id, wasLoaded ? null : open.Setup, open.Reattach), done =>
        {
            if (done.Fault is { } fault)
            {
                thread.Phase = ThreadPhase.Loaded;
                Unresumed(thread, wasLoaded, fault);
                Table.LetWaiting(thread);
                if (then is null && open.Reattach && fault.Kind == AppServerFaultKind.ServerDown)
                {
                    // Its turn may go on: the next connection tells.
                    link.Self.Tell(open, run);
                }
                else if (then is not null || Opens.Has(open))
                {
                    Failed(open, run, fault);
                }

                if (wasLoaded && fault.Kind == AppServerFaultKind.NotFound)
                {
                    // An earlier program began it, and nothing was said in it.
                    thread.HasRollout = false;
                    Table.Settle(thread);
                }
            }
            else
            {
                OnResumed(thread, open, run, wasLoaded, done.Result);
            }

            then?.Invoke(done.Fault);
        });
    }

    // A server that has not answered may load the thread still. What is asked of the thread waits until then (measured on 0.169.0 and
    // 0.171.0), so it is unloaded at once, or over the next connection.
    private void Unresumed(LoadedThread thread, bool wasLoaded, AppServerFault fault)
    {
        if (!wasLoaded && fault.Kind is AppServerFaultKind.NoAnswer or AppServerFaultKind.ServerDown)
        {
            thread.IsInDoubt = true;
            if (fault.Kind == AppServerFaultKind.NoAnswer)
            {
                Table.BeginUnloading(thread);
            }
        }
        else if (!wasLoaded || fault.Kind == AppServerFaultKind.NoSuchThread)
        {
            Table.Remove(thread);
        }
    }

    // A request that was never answered, of this program or an earlier one, may have loaded it otherwise.
    private bool IsOtherwise(LoadedThread thread, AppServerProtocol.OpenThread open, IActorRef run, JsonElement result)
    {
        // The rules of an organization may allow less than full access.
        if (ThreadSandbox.IsAs(open.Setup, result) || (open.IsSecondTry && open.Setup.Sandbox == ThreadSandbox.FullAccess))
        {
            return false;
        }

        (thread.Phase, thread.Fingerprint) = (ThreadPhase.Loaded, null);
        if (open.IsSecondTry)
        {
            const string Why = "codex loaded the thread with another sandbox than the turn is to have, so the turn was not started.";
            Failed(open, run, new AppServerFault(AppServerFaultKind.Configuration, Why));
        }
        else
        {
            Opens.End(open);
            thread.Waiting.Enqueue((open with { IsSecondTry = true }, run));
        }

        Table.BeginUnloading(thread);
        return true;
    }

    private void OnResumed(LoadedThread thread, AppServerProtocol.OpenThread open, IActorRef run, bool wasLoaded, JsonElement result)
    {
        if (!wasLoaded && IsOtherwise(thread, open, run, result))
        {
            return;
        }

        var turns = ServerJson.TurnsOf(result);
        thread.Path = ServerJson.PathOf(result) ?? thread.Path;
        thread.Fingerprint = wasLoaded ? null : open.Setup.Fingerprint;
        thread.IsStarting = false;
        thread.Turn = ServerJson.IsActive(result) ? ServerJson.RunningOf(turns) ?? thread.Turn ?? "" : null;
        Table.Listen(thread, run, open.TurnId);
        if (open.Reattach)
        {
            Opened(thread, open, run, turns);
        }
        else
        {
            thread.Opening = open;
            link.After(TotalLimit, new TotalOverdue(thread.Id));
        }
    }

    private void Opened(LoadedThread thread, AppServerProtocol.OpenThread open, IActorRef? run, JsonElement? turns)
    {
        thread.Phase = ThreadPhase.Loaded;
        thread.AwaitsTurn |= !open.Reattach;
        Opens.End(open);
        run?.Tell(
            new AppServerProtocol.ThreadOpened(
                open.TurnId,
                thread.Id,
                thread.Path,
                thread.Total,
                thread.Turn is { } turn ? new AppServerProtocol.ActiveTurn(turn.Length == 0 ? null : turn) : null
            )
            {
                Server = Mark,
                Version = Version,
                RecentTurns = turns,
            }
        );
        Table.LetWaiting(thread);
        Table.TellLoad();
        Table.Trim();
    }

    // The parent takes this server for the thread's holder, and would hand it over again.
    private void HandBack(AppServerProtocol.OpenThread open, IActorRef run)
    {
        if (open.Thread is { } thread && Table.Find(thread) is null)
        {
            link.Parent.Tell(new ServerProtocol.LetGo(thread));
        }

        link.Parent.Tell(open, run);
    }

    private void Failed(AppServerProtocol.OpenThread open, IActorRef run, AppServerFault fault)
    {
        Opens.End(open);
        if (Table.IsDraining)
        {
            link.Self.Tell(ThreadTable.Done.Instance);
        }

        if (fault.Kind == AppServerFaultKind.Draining && !open.Reattach)
        {
            // Somebody else told it to end.
            Table.Leave();
            link.Parent.Tell(ServerProtocol.Leaving.Instance);
            HandBack(open, run);
        }
        else
        {
            Table.Refuse(run, open, fault);
        }
    }

    private void OnTold(LoadedThread thread, AppServerReport.Told told)
    {
        thread.Note(told.Method, told.Parameters);
        if (thread.Opening is not null)
        {
            if (told.Method is "thread/tokenUsage/updated" or "thread/goal/cleared" or "thread/goal/updated")
            {
                FinishOpening(thread.Id);
            }
        }
        else if (thread.Phase == ThreadPhase.Loaded && ServerJson.IsUnloaded(told.Method, told.Parameters))
        {
            Table.Forget(thread, NotLoaded);
        }
        else
        {
            thread.Run?.Tell(new AppServerProtocol.Said(thread.Id, told.Method, told.Parameters));
        }

        if (told.Method is "turn/started" or "turn/completed")
        {
            Table.TellLoad();
            Table.Settle(thread);
        }
    }

    /// <summary>A thread's total has not come.</summary>
    public sealed record TotalOverdue(ThreadId Thread) : IDeadLetterSuppression;
}
