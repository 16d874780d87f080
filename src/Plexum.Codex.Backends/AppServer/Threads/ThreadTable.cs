using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// The loaded threads of one server: who listens to which, and which are unloaded because there are too many, somebody asks for it, or the
/// server is to end. Used in the turn of its <see cref="ServerActor"/> only.
/// </summary>
internal sealed class ThreadTable
{
    private const int MaxUnloads = 4;
    private const int MaxAncestors = 8;

    private static readonly TimeSpan UnloadPause = TimeSpan.FromMilliseconds(250);

    private readonly ServerLink _link;
    private readonly ThreadUnloading _unloading;
    private readonly Dictionary<ThreadId, LoadedThread> _threads = [];
    private readonly List<(ThreadId Thread, IActorRef Asker)> _askers = [];
    private readonly int _maxThreads;
    private readonly bool _endsStrays;
    private long _uses;

    public ThreadTable(ServerLink link, int maxThreads, bool endsStrays)
    {
        (_link, _maxThreads, _endsStrays) = (link, maxThreads, endsStrays);
        _unloading = new ThreadUnloading(link, OnUnloaded);
    }

    /// <summary>Whether nothing is lost with the server: no thread is loaded but such as it does not unload.</summary>
    public bool IsDone => _threads.Values.All(thread => thread.IsIdle && thread.FailedUnloads >= MaxUnloads);

    /// <summary>How many run a turn.</summary>
    public int Running => _threads.Values.Count(thread => thread.IsRunning);

    /// <summary>Whether a run has its thread open and is about to ask for its turn.</summary>
    public bool IsAwaitingTurn => _threads.Values.Any(thread => thread is { AwaitsTurn: true, Run: not null });

    /// <summary>The threads.</summary>
    public ImmutableArray<LoadedThread> All => [.. _threads.Values];

    /// <summary>Whether no new thread is taken.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>A thread; null if it is not there.</summary>
    public LoadedThread? Find(ThreadId id) => _threads.GetValueOrDefault(id);

    /// <summary>A thread that can be used; null if it is not there.</summary>
    public LoadedThread? Loaded(ThreadId id) => Find(id) is { Phase: ThreadPhase.Loaded } thread ? thread : null;

    /// <summary>Adds a thread.</summary>
    public LoadedThread Add(LoadedThread thread)
    {
        thread.LastUse = ++_uses;
        return _threads[thread.Id] = thread;
    }

    /// <summary>A thread is used.</summary>
    public void Use(LoadedThread thread) => thread.LastUse = ++_uses;

    /// <summary>The server takes no new threads.</summary>
    public void Leave() => IsDraining = true;

    /// <summary>What is being unloaded, and taken out of the archive.</summary>
    public ThreadUnloading Unloading => _unloading;

    /// <summary>Takes a thread out of the archive that an earlier connection may have left there, unless it is being put there.</summary>
    public void Restore(ThreadId id, Action<AppServerFault?> then)
    {
        if (Find(id) is { Phase: ThreadPhase.Unloading })
        {
            then(null);
        }
        else
        {
            _unloading.Restore(id, then);
        }
    }

    /// <summary>A run listens to a thread from now on.</summary>
    public void Listen(LoadedThread thread, IActorRef run, TurnId turn)
    {
        if (!run.Equals(thread.Run))
        {
            _link.Watch(run);
        }

        (thread.Run, thread.RunTurn, thread.AwaitsHeir, thread.LastUse) = (run, turn, false, ++_uses);
        _link.Parent.Tell(new ServerProtocol.Holds(thread.Id, turn, run));
    }

    /// <summary>Tells a run, and the parent, that its thread is not opened.</summary>
    public void Refuse(IActorRef run, AppServerProtocol.OpenThread open, AppServerFault fault)
    {
        _link.Parent.Tell(new ServerProtocol.NotOpened(open.TurnId));
        ServerThreads.Refuse(run, open, fault);
    }

    private void StopListening(LoadedThread thread)
    {
        if (thread.Run is { } run)
        {
            (thread.Run, thread.AwaitsTurn) = (null, false);
            if (!_threads.Values.Any(other => run.Equals(other.Run)))
            {
                _link.Unwatch(run);
            }
        }

        thread.LastUse = ++_uses;
        Settle(thread);
    }

    /// <summary>A run no longer listens.</summary>
    public void Close(AppServerProtocol.CloseThread close, IActorRef run)
    {
        if (_threads.TryGetValue(close.Thread, out var thread) && run.Equals(thread.Run))
        {
            StopListening(thread);
        }
    }

    /// <summary>A run has stopped.</summary>
    public void RunGone(IActorRef run)
    {
        foreach (var thread in _threads.Values.Where(thread => run.Equals(thread.Run)).ToArray())
        {
            thread.AwaitsHeir = thread.IsRunning;
            StopListening(thread);
        }
    }

    /// <summary>Unloads a thread, unless a turn runs in it to which another one listens.</summary>
    public void Unload(AppServerProtocol.Unload unload, IActorRef asker)
    {
        if (!_threads.TryGetValue(unload.Thread, out var thread))
        {
            asker.Tell(new AppServerProtocol.Unloaded(unload.Thread, null));
        }
        else if (thread.Phase == ThreadPhase.Loading)
        {
            thread.Waiting.Enqueue((unload, asker));
        }
        else if (!unload.EvenWithTurn && ((thread is { IsRunning: true, Run: { } run } && !run.Equals(asker)) || Spares(thread)))
        {
            asker.Tell(new AppServerProtocol.Unloaded(thread.Id, $"The thread {thread.Id} cannot be unloaded: a turn runs in it."));
        }
        else
        {
            _askers.Add((thread.Id, asker));
            BeginUnloading(thread);
        }
    }

    /// <summary>Whether it runs a turn with which the next daemon goes on. Then it is looked at again: its end is not heard.</summary>
    public bool Spares(LoadedThread thread)
    {
        var spares = !_endsStrays && thread is { IsNobodys: true, IsRunning: true };
        if (spares)
        {
            _link.Self.Tell(StrayThreads.LookAgain.Instance);
        }

        return spares;
    }

    /// <summary>Takes no new threads and unloads what is not needed.</summary>
    public void Drain()
    {
        IsDraining = true;
        foreach (var thread in _threads.Values.Where(thread => thread.IsIdle).ToArray())
        {
            BeginUnloading(thread);
        }
    }

    /// <summary>The server is gone.</summary>
    public void TellLost(AppServerFault fault)
    {
        _unloading.Clear();
        foreach (var thread in _threads.Values.ToArray())
        {
            if (thread.Phase == ThreadPhase.Unloading && _link.Server.Leftovers.Contains(thread.Id))
            {
                AnswerAskers(thread.Id, ThreadUnloading.LeftArchived(thread.Id));
            }

            Forget(thread, fault);
        }
    }

    /// <summary>Tells the run of the thread above a sub-agent's that a question was declined; a sub-agent may have sub-agents.</summary>
    /// <param name="thread">The sub-agent's thread.</param>
    /// <param name="method">What was asked.</param>
    /// <param name="more">How many more threads are looked at.</param>
    public void TellAbove(ThreadId thread, string method, int more = MaxAncestors) =>
        _link.Ask(AppServerMethods.Read, ServerJson.ThreadOnly(thread), read =>
        {
            if (ServerJson.ParentOf(read.Result) is not { } parent)
            {
                return;
            }

            if (Find(parent) is { Run: { } run })
            {
                run.Tell(new AppServerProtocol.Declined(parent, method));
            }
            else if (more > 0)
            {
                TellAbove(parent, method, more - 1);
            }
        });

    /// <summary>Tells the parent how much the server does.</summary>
    public void TellLoad() => _link.Parent.Tell(new ServerProtocol.Load(_threads.Count, Running));

    /// <summary>Unloads what nobody needs after something has changed.</summary>
    public void Settle(LoadedThread thread)
    {
        if (thread.IsIdle && (IsDraining || !thread.HasRollout))
        {
            BeginUnloading(thread);
        }

        Trim();
    }

    /// <summary>Unloads those that were used longest ago, if there are too many.</summary>
    public void Trim()
    {
        var tooMany = _threads.Values.Count(thread => thread.Phase != ThreadPhase.Unloading) - _maxThreads;
        foreach (var thread in _threads.Values.Where(thread => thread.IsIdle).OrderBy(thread => thread.LastUse).Take(tooMany).ToArray())
        {
            BeginUnloading(thread);
        }
    }

    /// <summary>Takes threads out of the archive, in which another server may have left them.</summary>
    public void TakeOut(ImmutableArray<ThreadId> threads)
    {
        foreach (var id in threads)
        {
            var thread = Find(id) ?? Add(new LoadedThread(id, ThreadPhase.Loaded) { WasLeft = true });
            if (thread.WasLeft)
            {
                BeginUnloading(thread);
            }
            else if (thread.Phase == ThreadPhase.Loaded)
            {
                // It could be loaded, so it is in no archive.
                _link.Parent.Tell(new ServerProtocol.TakenOut(id));
            }
            else
            {
                _link.After(UnloadPause, new ServerProtocol.TakeOut([id]));
            }
        }
    }

    /// <summary>Begins to unload a thread.</summary>
    public void BeginUnloading(LoadedThread thread)
    {
        if (thread.Phase == ThreadPhase.Loaded)
        {
            _unloading.Begin(thread);
        }
    }

    private void OnUnloaded(LoadedThread thread, AppServerFault? fault)
    {
        if (fault is null)
        {
            if (thread.WasLeft)
            {
                _link.Parent.Tell(new ServerProtocol.TakenOut(thread.Id));
            }

            Remove(thread);
            return;
        }

        thread.Phase = ThreadPhase.Loaded;
        AnswerAskers(
            thread.Id,
            fault.Kind == AppServerFaultKind.ServerDown
                ? ThreadUnloading.LeftArchived(thread.Id)
                : $"The thread {thread.Id} cannot be unloaded: {fault.Message}"
        );
        while (thread.Waiting.TryDequeue(out var waiting))
        {
            if (waiting.Command is AppServerProtocol.OpenThread open)
            {
                Refuse(waiting.Sender, open, fault);
            }
        }

        thread.FailedUnloads++;
        _link.After(UnloadPause * thread.FailedUnloads, new UnloadAgain(thread.Id));
    }

    /// <summary>
    /// Tries again to unload a thread that is in the way of the server's end, or that may be in the archive, or gives that up: the end
    /// frees the thread too, and whoever needs it next tries again.
    /// </summary>
    public void OnUnloadAgain(UnloadAgain again)
    {
        if (Find(again.Thread) is not { IsIdle: true } thread || !(IsDraining || thread.Fingerprint is null))
        {
            return;
        }

        if (thread.FailedUnloads < MaxUnloads)
        {
            BeginUnloading(thread);
        }
        else if (IsDraining)
        {
            _link.Self.Tell(Done.Instance);
        }
    }

    /// <summary>The server has let go of a thread by itself, or is gone.</summary>
    public void Forget(LoadedThread thread, AppServerFault fault)
    {
        thread.Run?.Tell(new AppServerProtocol.ServerLost(fault));
        Remove(thread);
    }

    /// <summary>The thread is not loaded. The parent hears it first: what waits goes to wherever the thread is to be then.</summary>
    public void Remove(LoadedThread thread)
    {
        _threads.Remove(thread.Id);
        _link.Parent.Tell(new ServerProtocol.LetGo(thread.Id));
        TellLoad();
        AnswerAskers(thread.Id, null);
        while (thread.Waiting.TryDequeue(out var waiting))
        {
            _link.Parent.Tell(waiting.Command, waiting.Sender);
        }

        if (IsDone)
        {
            _link.Self.Tell(Done.Instance);
        }
    }

    /// <summary>
    /// Takes back what waits until a thread is loaded or unloaded, and each thread from a run that does not know that it is open.
    /// </summary>
    public (AppServerProtocol.ICommand Command, IActorRef Sender)[] TakeBack()
    {
        foreach (var thread in _threads.Values.Where(thread => thread.Opening is not null))
        {
            (thread.Opening, thread.Run) = (null, null);
        }

        (AppServerProtocol.ICommand, IActorRef)[] all = [.. _threads.Values.SelectMany(thread => thread.Waiting)];
        foreach (var thread in _threads.Values)
        {
            thread.Waiting.Clear();
        }

        return all;
    }

    /// <summary>What waits for a thread is looked at again.</summary>
    public void LetWaiting(LoadedThread thread)
    {
        while (thread.Waiting.TryDequeue(out var waiting))
        {
            _link.Self.Tell(waiting.Command, waiting.Sender);
        }
    }

    private void AnswerAskers(ThreadId thread, string? problem)
    {
        foreach (var (_, asker) in _askers.Where(asker => asker.Thread == thread))
        {
            asker.Tell(new AppServerProtocol.Unloaded(thread, problem));
        }

        _askers.RemoveAll(asker => asker.Thread == thread);
    }

    /// <summary>Nothing is lost with the server any more.</summary>
    public sealed record Done : IDeadLetterSuppression
    {
        /// <summary>The only instance.</summary>
        public static Done Instance { get; } = new();
    }

    /// <summary>A thread could not be unloaded a moment ago.</summary>
    public sealed record UnloadAgain(ThreadId Thread) : IDeadLetterSuppression;
}
