using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Threads;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Node;

/// <summary>
/// Owns the servers of a node: the one that takes threads, and those that only finish their turns because codex's binary, its login or its
/// environment is another one now. It knows which server has which thread. Parent: the user guardian; children: a
/// <see cref="ServerActor"/> for each server. Phases: asleep, looking for what an earlier program left, serving. When it fails, it is
/// restarted: its runs lose their server, and it looks again for what is left.
/// </summary>
public sealed class AppServerActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private readonly NodeLog _log = new(Context.GetLogger());
    private readonly AppServerServices _services;
    private readonly bool _looksAtStart;
    private readonly Fleet _fleet;
    private readonly StopRound _stop = new();
    private readonly StartHistory _starts;
    private readonly Leftovers _leftovers;
    private readonly ThreadRouting _routing;
    private readonly HashSet<IActorRef> _lookedFor = [];
    private bool _isStarting;
    private int _numbered;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AppServerActor(AppServerServices services, bool looksAtStart)
    {
        (_services, _looksAtStart) = (services, looksAtStart);
        _starts = new StartHistory(services.Settings);
        _fleet = new Fleet(new OpenRequests(services.Settings, services.Time));
        _leftovers = new Leftovers(_fleet, services.Profile, Self);
        _routing = new ThreadRouting(services, _fleet, _stop, _leftovers, Self, () => Timers, Start);
        Become(Asleep);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    /// <param name="services">What it needs.</param>
    /// <param name="looksAtStart">
    /// Whether it looks at once for what an earlier program left, as a daemon does, or when it is first needed.
    /// </param>
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
        _fleet.TellLost(null, new AppServerFault(AppServerFaultKind.ServerDown, "plexum-codex lost sight of codex app-server."));
        _routing.Waiting.Refuse("plexum-codex failed while it started codex app-server.");
        _routing.Later.HandBack();
        base.PreRestart(reason, message!);
    }

    /// <summary>A server whose actor fails is ended: what it does is no longer known.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Asleep()
    {
        // What was never needed is not looked for only to be ended.
        Receive<AppServerProtocol.Stop>(_ => Sender.Tell(new AppServerProtocol.Stopped(0)));
        ReceiveAny(_ =>
        {
            Stash.Stash();
            Look();
        });
    }

    private void Looking()
    {
        Receive<NodeMessages.Found>(OnFound);
        Receive<NodeMessages.NotFound>(OnNotFound);
        Receive<AppServerProtocol.Inspect>(_ => Describe(Sender));
        Children();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Serving()
    {
        Receive<AppServerProtocol.OpenThread>(open => _routing.Take(open, Sender));
        Receive<NodeMessages.Chosen>(OnChosen);
        Receive<AppServerProtocol.StartTurn>(start =>
            _fleet.Forward(start, start.Thread, start.TurnId, AppServerMethods.StartTurn, Sender)
        );
        Receive<AppServerProtocol.Ask>(ask => _fleet.Forward(ask, ask.Thread, ask.TurnId, ask.Method, Sender));
        Receive<AppServerProtocol.Reply>(reply => _fleet.Holders.Of(reply.Thread)?.Forward(reply));
        Receive<AppServerProtocol.ReplyError>(reply => _fleet.Holders.Of(reply.Thread)?.Forward(reply));
        Receive<AppServerProtocol.CloseThread>(close => _fleet.Holders.Of(close.Thread)?.Forward(close));
        Receive<AppServerProtocol.Unload>(unload => _routing.Take(unload, Sender));
        Receive<AppServerProtocol.Inspect>(_ => Describe(Sender));
        Receive<AppServerProtocol.Stop>(OnStop);
        Receive<NodeMessages.Started>(OnStarted);
        Receive<NodeMessages.NotStarted>(OnNotStarted);
        Receive<NodeMessages.FoundLater>(OnFoundLater);
        Receive<NodeMessages.LookAgain>(_ => _routing.Later.Again());
        Receive<NodeMessages.BackOffOver>(_ => OnBackOffOver());
        Receive<NodeMessages.Stable>(_ => _starts.Forgive());
        Receive<ServerProtocol.Stays>(_ => AnswerStop(staying: Sender));
        Children();
    }

    private void Children()
    {
        Receive<ServerProtocol.Ready>(OnReady);
        Receive<ServerProtocol.Holds>(holds => _fleet.Note(holds, Sender));
        Receive<ServerProtocol.NotOpened>(refused => _fleet.Requests.Remove(refused.Turn));
        Receive<NodeMessages.CheckOpens>(_ => _fleet.Requests.RefuseOverdue());
        Receive<ServerProtocol.LetGo>(gone => _fleet.Holders.Forget(gone.Thread, Sender));
        Receive<ServerProtocol.TakenOut>(taken => _leftovers.Remove(taken.Thread));
        Receive<ServerProtocol.Load>(load => _fleet.Find(Sender)?.Note(load));
        Receive<ServerProtocol.Leaving>(_ => _fleet.Leave(Sender));
        Receive<ServerProtocol.Stuck>(_ => OnStuck(Sender));
        Receive<ServerProtocol.Gone>(gone => OnGone(Sender, gone));
        Receive<NodeMessages.Ended>(ended => OnGone(ended.Child, ended.Gone));
        Receive<Terminated>(stopped => OnChildStopped(stopped.ActorRef));
        Receive<Status.Failure>(failed => _log.UpkeepFailed(failed.Cause.Message));
    }

    private void Look()
    {
        Become(Looking);
        Timers.StartPeriodicTimer(NodeMessages.CheckOpens.Instance, NodeMessages.CheckOpens.Instance, OpenRequests.CheckInterval);
        NodeWork.LookAsync(_services).PipeTo(Self, failure: e => new NodeMessages.NotFound(e.Message));
    }

    private void OnFound(NodeMessages.Found found)
    {
        _leftovers.Add(found.Servers.Leftovers);
        foreach (var server in found.Servers.Running)
        {
            var child = Adopt(server);
            _lookedFor.Add(child);
            if (server == found.Current)
            {
                _fleet.Current = child;
            }
            else
            {
                _fleet.Leave(child);
            }
        }

        _log.Looked(found.Servers);
        if (_lookedFor.Count == 0)
        {
            Serve();
        }
    }

    private void OnNotFound(NodeMessages.NotFound failed)
    {
        _log.NotFound(failed.Reason);
        _starts.Problem = failed.Reason;
        Serve();
    }

    private void Serve()
    {
        Become(Serving);
        Stash.UnstashAll();
        StartIfNeeded();
    }

    private void OnFoundLater(NodeMessages.FoundLater found)
    {
        _log.Looked(found.Servers);
        _leftovers.Add(found.Servers.Leftovers);
        if (_stop.IsAsked)
        {
            found.Servers.LetGo();
        }

        _routing.Later.Await(
            _stop.IsAsked ? [] : found.Servers.Running.Select(Adopt).ToArray(),
            isWhole: _stop.IsAsked || found.Servers.Problems.IsEmpty
        );
        StartIfNeeded();
    }

    private void OnChosen(NodeMessages.Chosen chosen)
    {
        // While codex is being replaced it may be missing.
        if (
            chosen.Wanted is { } wanted
            && _fleet is { Current: { } current, CurrentEntry.Process: var process }
            && process.Record.Origin != wanted
        )
        {
            _log.Replaced(process.Process.Identity.Pid, process.Record.Origin, wanted);
            _fleet.Leave(current);
        }

        _routing.Take(chosen);
    }

    private void StartIfNeeded()
    {
        if (!_routing.Waiting.IsEmpty || !_leftovers.IsEmpty)
        {
            Start();
        }
    }

    private void Start()
    {
        if (_isStarting || _starts.IsBackingOff || _fleet.Current is not null || _fleet.IsEndingLost || _stop.IsAsked)
        {
            return;
        }

        _isStarting = true;
        NodeWork
            .StartAsync(_services, _leftovers.Give())
            .PipeTo(
                Self,
                success: server => new NodeMessages.Started(server),
                failure: e => new NodeMessages.NotStarted(ServerDoor.FaultOf(e))
            );
    }

    private void OnStarted(NodeMessages.Started started)
    {
        _isStarting = false;
        var child = _fleet.Current = Adopt(started.Server);
        _log.Started(started.Server.Process.Identity.Pid, started.Server.Record.Binary);
        if (_stop.IsAsked)
        {
            child.Tell(_stop.Command);
        }
        else
        {
            _routing.Waiting.GiveTo(_fleet, child);
        }
    }

    private void OnNotStarted(NodeMessages.NotStarted failed)
    {
        _isStarting = false;
        _log.NotStarted(failed.Fault.Message);
        _routing.Waiting.Refuse(failed.Fault.Message);
        BackOff(failed.Fault);
        AnswerStop();
    }

    private IActorRef Adopt(ServerProcess server)
    {
        var child = Context.ActorOf(ServerActor.Props(_services, server, _looksAtStart), $"server-{++_numbered}");
        Context.Watch(child);
        _fleet.Add(child, server);
        return child;
    }

    private void OnReady(ServerProtocol.Ready ready)
    {
        if (_fleet.Find(Sender) is not { } entry)
        {
            return;
        }

        foreach (var thread in ready.Threads)
        {
            _fleet.Holders.Note(thread, Sender, null);
        }

        var isFirst = !entry.IsReady;
        (entry.IsReady, entry.Version) = (true, ready.Version ?? entry.Version);
        if (isFirst && Sender.Equals(_fleet.Current))
        {
            _leftovers.NoteReady();
            _starts.Problem = null;
            Timers.StartSingleTimer(NodeMessages.Stable.Instance, NodeMessages.Stable.Instance, _services.Settings.LongestBackOff);
        }

        NoteKnown(Sender);
    }

    private void NoteKnown(IActorRef child)
    {
        if (_lookedFor.Remove(child) && _lookedFor.Count == 0)
        {
            Serve();
        }

        _routing.Later.NoteKnown(child);
    }

    // Nothing comes of waiting for it.
    private void OnStuck(IActorRef child)
    {
        _fleet.Leave(child);
        AnswerStop(staying: child);
        NoteKnown(child);
    }

    private void OnGone(IActorRef child, ServerProtocol.Gone gone)
    {
        if (_fleet.Remove(child) is null)
        {
            return;
        }

        _leftovers.Add(gone.Leftovers);
        if (!gone.WasWanted)
        {
            _starts.Restarts++;
            BackOff(gone.Fault);
        }

        AnswerStop();
        NoteKnown(child);
        if (_lookedFor.Count == 0)
        {
            StartIfNeeded();
        }
    }

    // If it is still known, its actor failed. What it ran is no longer known then, so the process is ended.
    private void OnChildStopped(IActorRef child)
    {
        if (_fleet.Find(child) is not { Process: var server })
        {
            // What it was given behind its last message is opened by another one.
            foreach (var (open, run) in _fleet.Requests.Take(child))
            {
                Self.Tell(open, run);
            }

            return;
        }

        var fault = new AppServerFault(AppServerFaultKind.ServerDown, "plexum-codex lost sight of codex app-server, which was ended.");
        _fleet.TellLost(child, fault);
        NodeWork.EndAsync(server, _services).PipeTo(Self, success: Gone, failure: _ => Gone());

        NodeMessages.Ended Gone() => new(child, new ServerProtocol.Gone(fault, WasWanted: false, server.Leftovers));
    }

    private void BackOff(AppServerFault fault)
    {
        Timers.Cancel(NodeMessages.Stable.Instance);
        Timers.StartSingleTimer(NodeMessages.BackOffOver.Instance, NodeMessages.BackOffOver.Instance, _starts.Fail(fault.Message));
    }

    private void OnBackOffOver()
    {
        _starts.IsBackingOff = false;
        StartIfNeeded();
    }

    private void OnStop(AppServerProtocol.Stop stop)
    {
        _stop.Ask(stop, Sender, _fleet.Servers);
        AnswerStop();
    }

    private void AnswerStop(IActorRef? staying = null) =>
        _stop.AnswerWhenDone(staying, _isStarting, _fleet.Servers, server => _fleet.Find(server)!.Running);

    private void Describe(IActorRef asker) =>
        ServerEntry.Describe(_fleet.Entries, _fleet.CurrentEntry, _isStarting || _lookedFor.Count > 0, _starts, asker);
}
