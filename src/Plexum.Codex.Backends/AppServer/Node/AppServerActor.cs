using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Node;

/// <summary>
/// Owns the servers of a node: the one that takes threads, and those that only finish their turns because codex's binary was replaced. It knows
/// which server has which thread. Parent: the user guardian; children: a <see cref="ServerActor"/> for each server. Phases: asleep, looking for
/// what an earlier program left, serving. When it fails, it is restarted: its runs lose their server, and it looks again for what is left.
/// </summary>
public sealed partial class AppServerActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private readonly AppServerServices _services;
    private readonly bool _looksAtStart;
    private readonly Dictionary<IActorRef, ServerEntry> _servers = [];
    private readonly ThreadHolders _holders = new();
    private readonly List<(AppServerProtocol.OpenThread Open, IActorRef Run)> _waiting = [];
    private readonly StopRound _stop = new();
    private readonly StartHistory _starts;
    private ImmutableArray<ThreadId> _leftovers = [];
    private IActorRef? _current;
    private bool _isStarting;
    private int _lookedFor;
    private int _numbered;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AppServerActor(AppServerServices services, bool looksAtStart)
    {
        (_services, _looksAtStart) = (services, looksAtStart);
        _starts = new StartHistory(services.Settings);
        Become(Asleep);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    /// <param name="services">What it needs.</param>
    /// <param name="looksAtStart">Whether it looks at once for what an earlier program left, as a daemon does, or when it is first needed.</param>
    public static Props Props(AppServerServices services, bool looksAtStart) =>
        Akka.Actor.Props.Create(() => new AppServerActor(services, looksAtStart));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_looksAtStart)
        {
            Look();
        }
    }

    /// <summary>The next incarnation finds the servers, and not their runs.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        _holders.TellLost(null, new AppServerFault(AppServerFaultKind.ServerDown, "plexum-codex lost sight of codex app-server."));
        base.PreRestart(reason, message!);
    }

    /// <summary>A server whose actor fails is ended: what it does is no longer known.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Asleep() =>
        ReceiveAny(_ =>
        {
            Stash.Stash();
            Look();
        });

    private void Looking()
    {
        Receive<Found>(OnFound);
        Receive<NotFound>(failed =>
        {
            LogNotFound(failed.Reason);
            _starts.Problem = failed.Reason;
            Serve();
        });
        Receive<AppServerProtocol.Inspect>(_ => Describe(Sender));
        Children();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Serving()
    {
        Receive<AppServerProtocol.OpenThread>(OnOpen);
        Receive<Chosen>(OnChosen);
        Receive<NotChosen>(failed => ServerThreads.Refuse(failed.Run, failed.Open, failed.Fault));
        Receive<AppServerProtocol.StartTurn>(start => Forward(start, start.Thread, start.TurnId, AppServerMethods.StartTurn));
        Receive<AppServerProtocol.Ask>(ask => Forward(ask, ask.Thread, ask.TurnId, ask.Method));
        Receive<AppServerProtocol.Reply>(reply => _holders.Of(reply.Thread)?.Forward(reply));
        Receive<AppServerProtocol.ReplyError>(reply => _holders.Of(reply.Thread)?.Forward(reply));
        Receive<AppServerProtocol.CloseThread>(close => _holders.Of(close.Thread)?.Forward(close));
        Receive<AppServerProtocol.Unload>(OnUnload);
        Receive<AppServerProtocol.Inspect>(_ => Describe(Sender));
        Receive<AppServerProtocol.Stop>(OnStop);
        Receive<Started>(OnStarted);
        Receive<NotStarted>(OnNotStarted);
        Receive<BackOffOver>(_ => OnBackOffOver());
        Receive<Stable>(_ => _starts.Forgive());
        Receive<ServerProtocol.Stays>(_ =>
        {
            _stop.NoteStaying(Sender);
            AnswerStop();
        });
        Children();
    }

    private void Children()
    {
        Receive<ServerProtocol.Ready>(OnReady);
        Receive<ServerProtocol.Holds>(holds => _holders.Note(holds.Thread, Sender, holds.Run));
        Receive<ServerProtocol.LetGo>(gone => _holders.Forget(gone.Thread, Sender));
        Receive<ServerProtocol.Load>(OnLoad);
        Receive<ServerProtocol.Leaving>(_ => Leave(Sender));
        Receive<ServerProtocol.Gone>(gone => OnGone(Sender, gone));
        Receive<Ended>(ended => OnGone(ended.Child, ended.Gone));
        Receive<Terminated>(stopped => OnChildStopped(stopped.ActorRef));
        Receive<Status.Failure>(failed => LogUpkeepFailed(failed.Cause.Message));
    }

    // Which codex is wanted decides which of the servers takes new threads.
    private void Look()
    {
        Become(Looking);
        var services = _services;
        FileWork
            .Run(async () =>
            {
                var found = FoundServers.Look(services.Profile);
                return new Found(found, found.Running.IsEmpty ? null : await ServerEntry.WantedAsync(services.Binaries).ConfigureAwait(false));
            })
            .PipeTo(Self, failure: e => new NotFound(e.Message));
    }

    private void OnFound(Found found)
    {
        _leftovers = found.Servers.Leftovers;
        foreach (var server in found.Servers.Running)
        {
            var child = Adopt(server);
            _lookedFor++;
            if (_current is null && found.Wanted is { } wanted && _servers[child].Is(wanted))
            {
                _current = child;
            }
            else
            {
                Leave(child);
            }
        }

        LogLooked(found.Servers.Running.Length, _leftovers.Length);
        ServeWhenLooked();
    }

    private void ServeWhenLooked()
    {
        if (_lookedFor <= 0)
        {
            Serve();
        }
    }

    private void Serve()
    {
        Become(Serving);
        Stash.UnstashAll();
        if (!_leftovers.IsEmpty)
        {
            Start();
        }
    }

    private void OnOpen(AppServerProtocol.OpenThread open)
    {
        var run = Sender;
        if (open.Thread is { } thread && _holders.Of(thread) is { } holder)
        {
            Give(holder, open, run);
        }
        else if (open.Reattach)
        {
            const string Why = "No codex app-server of this profile has the thread loaded any more.";
            ServerThreads.Refuse(run, open, new AppServerFault(AppServerFaultKind.ServerDown, Why));
        }
        else if (_current is null || _stop.IsAsked)
        {
            // When this program stops, nothing is started: the next one runs the turn.
            _waiting.Add((open, run));
            Start();
        }
        else
        {
            FileWork
                .Run(_services.Binaries.FindAsync)
                .PipeTo(
                    Self,
                    success: binary => new Chosen(open, run, binary),
                    failure: e => new NotChosen(open, run, ServerDoor.FaultOf(e))
                );
        }
    }

    private void OnChosen(Chosen chosen)
    {
        if (_current is { } current && !_servers[current].Is(chosen.Binary))
        {
            LogReplaced(_servers[current].Process.Process.Identity.Pid, chosen.Binary.Path);
            Leave(current);
        }

        if (chosen.Open.Thread is { } thread && _holders.Of(thread) is { } holder)
        {
            Give(holder, chosen.Open, chosen.Run);
        }
        else if (_current is { } server)
        {
            Give(server, chosen.Open, chosen.Run);
        }
        else
        {
            _waiting.Add((chosen.Open, chosen.Run));
            Start();
        }
    }

    private void Give(IActorRef server, AppServerProtocol.OpenThread open, IActorRef run)
    {
        if (open.Thread is { } thread)
        {
            _holders.Note(thread, server, run);
        }

        server.Tell(open, run);
    }

    private void Forward(AppServerProtocol.ICommand command, ThreadId thread, TurnId turn, string method)
    {
        if (_holders.Of(thread) is { } holder)
        {
            holder.Forward(command);
        }
        else
        {
            var fault = new AppServerFault(AppServerFaultKind.NoSuchThread, "codex app-server does not have the thread loaded.");
            Sender.Tell(new AppServerProtocol.Refused(turn, fault) { Method = method });
        }
    }

    private void OnUnload(AppServerProtocol.Unload unload)
    {
        if (_holders.Of(unload.Thread) is { } holder)
        {
            holder.Forward(unload);
        }
        else
        {
            Sender.Tell(new AppServerProtocol.Unloaded(unload.Thread, null));
        }
    }

    private void Start()
    {
        if (_isStarting || _starts.IsBackingOff || _current is not null || _stop.IsAsked)
        {
            return;
        }

        _isStarting = true;
        var (services, leftovers) = (_services, _leftovers);
        FileWork
            .Run(async () =>
            {
                var binary = await services.Binaries.FindAsync().ConfigureAwait(false);
                return services.Launcher.Start(binary, leftovers, services.Time.GetUtcNow());
            })
            .PipeTo(Self, success: server => new Started(server), failure: e => new NotStarted(ServerDoor.FaultOf(e)));
    }

    private void OnStarted(Started started)
    {
        _isStarting = false;
        _current = Adopt(started.Server);
        LogStarted(started.Server.Process.Identity.Pid, started.Server.Record.Binary);
        if (_stop.IsAsked)
        {
            _current.Tell(_stop.Command);
            return;
        }

        foreach (var (open, run) in _waiting)
        {
            Give(_current, open, run);
        }

        _waiting.Clear();
    }

    private void OnNotStarted(NotStarted failed)
    {
        _isStarting = false;
        LogNotStarted(failed.Fault.Message);
        RefuseWaiting(failed.Fault);
        BackOff(failed.Fault);
        AnswerStop();
    }

    private IActorRef Adopt(ServerProcess server)
    {
        var child = Context.ActorOf(ServerActor.Props(_services, server), $"server-{++_numbered}");
        Context.Watch(child);
        _servers[child] = new ServerEntry(server);
        return child;
    }

    private void OnReady(ServerProtocol.Ready ready)
    {
        if (!_servers.TryGetValue(Sender, out var entry))
        {
            return;
        }

        foreach (var thread in ready.Threads)
        {
            _holders.Note(thread, Sender, null);
        }

        var isFirst = !entry.IsReady;
        (entry.IsReady, entry.Version) = (true, ready.Version ?? entry.Version);
        if (isFirst && Sender.Equals(_current))
        {
            // Its record has what earlier ones left.
            (_leftovers, _starts.Problem) = ([], null);
            var profile = _services.Profile;
            FileWork.Run(() => FoundServers.Forget(profile)).PipeTo(Self);
            Timers.StartSingleTimer(Stable.Instance, Stable.Instance, _services.Settings.LongestBackOff);
        }

        Looked(isFirst);
    }

    private void Looked(bool isFirst)
    {
        if (isFirst && _lookedFor > 0)
        {
            _lookedFor--;
            ServeWhenLooked();
        }
    }

    private void OnLoad(ServerProtocol.Load load)
    {
        if (_servers.TryGetValue(Sender, out var entry))
        {
            (entry.Threads, entry.Running) = (load.Threads, load.Running);
        }
    }

    private void Leave(IActorRef server)
    {
        _current = server.Equals(_current) ? null : _current;
        if (_servers.TryGetValue(server, out var entry) && !entry.IsDraining)
        {
            entry.IsDraining = true;
            server.Tell(ServerProtocol.Drain.Instance);
        }
    }

    private void OnGone(IActorRef child, ServerProtocol.Gone gone)
    {
        if (!_servers.Remove(child, out var entry))
        {
            return;
        }

        Context.Unwatch(child);
        _holders.TellLost(child, null);
        _leftovers = [.. _leftovers.Union(gone.Leftovers)];
        _current = child.Equals(_current) ? null : _current;
        if (!gone.WasWanted)
        {
            _starts.Restarts++;
            BackOff(gone.Fault);
        }

        Looked(!entry.IsReady);
        AnswerStop();
        if (!_leftovers.IsEmpty && _lookedFor == 0)
        {
            Start();
        }
    }

    // Its actor failed. What it ran is no longer known, so the process is ended.
    private void OnChildStopped(IActorRef child)
    {
        if (!_servers.TryGetValue(child, out var entry))
        {
            return;
        }

        var fault = new AppServerFault(AppServerFaultKind.ServerDown, "plexum-codex lost sight of codex app-server, which was ended.");
        _holders.TellLost(child, fault);
        var (server, services) = (entry.Process, _services);
        FileWork
            .Run(async () =>
            {
                await server.EndAsync(services.Settings.TerminateGrace, services.Time).ConfigureAwait(false);
                server.CleanUp();
            })
            .PipeTo(Self, success: () => GoneOf(server), failure: _ => GoneOf(server));

        Ended GoneOf(ServerProcess gone) => new(child, new ServerProtocol.Gone(fault, WasWanted: false, gone.Leftovers));
    }

    private void BackOff(AppServerFault fault)
    {
        Timers.Cancel(Stable.Instance);
        Timers.StartSingleTimer(BackOffOver.Instance, BackOffOver.Instance, _starts.Fail(fault.Message));
    }

    private void OnBackOffOver()
    {
        _starts.IsBackingOff = false;
        if (_waiting.Count > 0 || !_leftovers.IsEmpty)
        {
            Start();
        }
    }

    private void OnStop(AppServerProtocol.Stop stop)
    {
        _stop.Ask(stop, Sender, _servers.Keys);
        AnswerStop();
    }

    private void AnswerStop() =>
        _stop.AnswerWhenDone(_isStarting, _servers.Keys, server => _servers[server].Running);

    private void RefuseWaiting(AppServerFault fault)
    {
        foreach (var (open, run) in _waiting)
        {
            ServerThreads.Refuse(run, open, fault);
        }

        _waiting.Clear();
    }

    private void Describe(IActorRef asker) =>
        ServerEntry.Describe(
            _servers.Values,
            _current is { } current ? _servers[current] : null,
            _isStarting || _lookedFor > 0,
            _starts,
            asker
        );
}
