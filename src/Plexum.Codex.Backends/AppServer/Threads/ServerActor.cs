using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Running;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Threads;

/// <summary>
/// Owns one process of <c>codex app-server</c> and the connection to it; its threads are in <see cref="ServerThreads"/>. Parent:
/// <c>AppServerActor</c>; no children. Phases: connecting, preparing, serving (also while it drains), ending. When it fails, its parent
/// stops it, ends the process, and tells every run that had a thread in it.
/// </summary>
internal sealed class ServerActor : ReceiveActor, IWithTimers, IWithUnboundedStash, IDisposable
{
    private static readonly TimeSpan OutputCheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EndPause = TimeSpan.FromSeconds(5);

    private readonly AppServerServices _services;
    private readonly ServerProcess _server;
    private readonly ServerLog _log;
    private readonly ServerLink _link;
    private readonly ServerThreads _threads;
    private readonly ServerTurns _turns;
    private readonly StrayThreads _strays;
    private readonly ConnectionHistory _connections;
    private readonly ServerPulse _pulse;
    private readonly CancellationTokenSource _gone = new();
    private readonly List<(AppServerProtocol.ICommand Command, IActorRef Sender)> _late = [];
    private int _attempt;
    private int _preparations;
    private AppServerFault? _unprepared;
    private bool _wasReady;
    private bool _isDraining;
    private bool _isWanted;
    private bool _isStuck;
    private AppServerFault? _reason;

    public ServerActor(AppServerServices services, ServerProcess server, bool endsStrays)
    {
        (_services, _server) = (services, server);
        _log = new ServerLog(Context.GetLogger(), server);
        _link = new ServerLink(Context, server, () => Timers);
        _threads = new ServerThreads(_link, services.Settings.MaxThreads, endsStrays);
        _turns = new ServerTurns(_link, _threads.Table);
        _strays = new StrayThreads(_link, _threads.Table, services.Settings.RequestLimit * 2, endsStrays);
        _connections = new ConnectionHistory(services.Time);
        _pulse = new ServerPulse(_link, End);
        Become(Connecting);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    /// <param name="services">What it needs.</param>
    /// <param name="server">The server.</param>
    /// <param name="endsStrays">Whether turns that run when the server is found, and that no run asks for, are ended.</param>
    public static Props Props(AppServerServices services, ServerProcess server, bool endsStrays) =>
        Akka.Actor.Props.Create(() => new ServerActor(services, server, endsStrays));

    /// <summary>Called by Akka.NET when the actor stops. It leaves the server running, because its turns outlive the program.</summary>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _link.Leave();
    }

    /// <summary>Before anybody hears of the actor's end: the next one may adopt the server.</summary>
    protected override void PostStop() => _server.LetGo();

    protected override void PreStart()
    {
        _server.Process.Exited.PipeTo(Self, success: exit => new ServerMessages.Exited(exit));
        Timers.StartPeriodicTimer(ServerMessages.CheckOutput.Instance, ServerMessages.CheckOutput.Instance, OutputCheckInterval);
        Connect();
    }

    private void Connecting()
    {
        Receive<ServerMessages.Connected>(OnConnected);
        Receive<ServerMessages.NotConnected>(
            failed => End(failed.Fault),
            failed => failed.Attempt == _attempt && !_server.Process.Exited.IsCompleted
        );
        Receive<ServerMessages.NotConnected>(_ => { });
        Receive<ServerMessages.ConnectAgain>(_ => Connect());
        Always();
        ReceiveAny(_ => Stash.Stash());
    }

    // What an earlier program left undone comes before anything else is asked of the server.
    private void Preparing()
    {
        Receive<ServerMessages.FromServer>(OnFromServer);
        Always();
        ReceiveAny(_ => Stash.Stash());
    }

    private void Serving()
    {
        Receive<ServerMessages.FromServer>(OnFromServer);
        Receive<AppServerProtocol.OpenThread>(open => _threads.Open(open, Sender));
        Receive<AppServerProtocol.StartTurn>(start => _turns.StartTurn(start, Sender));
        Receive<AppServerProtocol.Ask>(ask => _turns.Ask(ask, Sender));
        Receive<AppServerProtocol.Reply>(reply => _link.Answer(reply.RequestId, reply.Result));
        Receive<AppServerProtocol.ReplyError>(reply => _link.Decline(reply.RequestId, reply.Message));
        Receive<AppServerProtocol.CloseThread>(close => _threads.Table.Close(close, Sender));
        Receive<AppServerProtocol.Unload>(unload => _threads.Table.Unload(unload, Sender));
        Receive<Terminated>(gone => _threads.Table.RunGone(gone.ActorRef));
        Receive<ThreadUnloading.Noted>(_threads.Table.Unloading.OnNoted);
        Receive<ServerThreads.TotalOverdue>(overdue => _threads.FinishOpening(overdue.Thread));
        Receive<ThreadTable.UnloadAgain>(_threads.Table.OnUnloadAgain);
        Receive<ThreadTable.Done>(_ => EndIfDrained());
        Receive<StrayThreads.LookAgain>(_ => _strays.Look());
        Receive<ServerProtocol.TakeOut>(left => _threads.Table.TakeOut(left.Threads));
        Receive<ServerProtocol.Drain>(_ => OnDrain());
        Receive<ServerProtocol.End>(OnEnd);
        Always();
    }

    private void Ending()
    {
        Receive<AppServerProtocol.ICommand>(command => HandBack(command, Sender), _ => _isStuck);
        Receive<AppServerProtocol.ICommand>(command => _late.Add((command, Sender)));
        Receive<ServerMessages.Connected>(connected => connected.Connection.Dispose());
        Receive<EndFailed>(OnEndFailed);
        Receive<ServerMessages.EndAgain>(_ => EndProcess(hasTurns: false));
        Receive<ServerMessages.CleanedUp>(OnCleanedUp);
        Always();
        ReceiveAny(_ => { });
    }

    private void Always()
    {
        Receive<ServerMessages.Exited>(OnExited);
        Receive<ThreadUnloading.Placed>(_threads.Table.Unloading.OnPlaced);
        Receive<ServerMessages.CheckOutput>(_ =>
            FileWork
                .Run(() => _server.CutOutput(_services.Settings.MaxStderrBytes))
                .PipeTo(Self, failure: e => new ServerLink.NotWritten(e.Message))
        );
        Receive<ServerLink.NotWritten>(failed => _log.NotWritten(failed.Reason));
    }

    private void Connect()
    {
        var attempt = ++_attempt;
        var self = Self;
        var settings = _services.Settings;
        var connections = new ConnectionSettings(settings.RequestLimit, settings.MaxMessageBytes);
        new ServerDoor(connections, settings.StartLimit, _services.Time)
            .OpenAsync(_server, report => self.Tell(new ServerMessages.FromServer(attempt, report), ActorRefs.NoSender), _gone.Token)
            .PipeTo(
                self,
                success: connection => new ServerMessages.Connected(attempt, connection),
                failure: e => new ServerMessages.NotConnected(attempt, ServerDoor.FaultOf(e))
            );
    }

    private void OnConnected(ServerMessages.Connected connected)
    {
        _link.Use(connected.Connection);
        _log.Connected(_threads.Version ?? "unknown");
        Become(Preparing);
        (_preparations, _unprepared) = (1, null);
        var attempt = _attempt;
        foreach (var thread in _server.Leftovers)
        {
            _preparations++;
            _threads.Table.Restore(thread, _ => Prepared(attempt, null));
        }

        _threads.TakeStock(_wasReady, fault => Prepared(attempt, fault));
    }

    private void Prepared(int attempt, AppServerFault? fault)
    {
        _unprepared ??= fault;
        if (attempt != _attempt || --_preparations > 0)
        {
            return;
        }

        // A server that does not say what it has would have lost its turns, though they go on.
        if (_unprepared is { } unprepared)
        {
            OnClosed(unprepared);
            return;
        }

        Become(Serving);
        Stash.UnstashAll();
        _wasReady = true;
        _connections.NoteServing();
        Context.Parent.Tell(new ServerProtocol.Ready([.. _threads.Table.All.Select(thread => thread.Id)], _threads.Version));
        _threads.Table.TellLoad();
        _strays.Watch();
        if (_isDraining)
        {
            OnDrain();
        }
    }

    private void OnFromServer(ServerMessages.FromServer message)
    {
        if (message.Attempt != _attempt)
        {
            return;
        }

        _pulse.Note(message.Report);
        switch (message.Report)
        {
            case AppServerReport.Done done:
                _link.Complete(done);
                break;
            case AppServerReport.Told told:
                _threads.OnTold(told);
                break;
            case AppServerReport.Asked asked:
                _threads.OnAsked(asked);
                break;
            case AppServerReport.LeftOut left:
                _log.LeftOut(left.Fault.Message);
                break;
            case AppServerReport.Closed closed:
                OnClosed(closed.Fault);
                break;
        }
    }

    // The process may live on. If it does not, its exit follows.
    private void OnClosed(AppServerFault fault)
    {
        _log.Closed(fault.Message);
        _attempt++;
        Become(Connecting);
        _link.Drop();
        var pause = _connections.NoteBreak();
        if (_connections.IsHopeless)
        {
            End(fault);
        }
        else if (pause > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(ServerMessages.ConnectAgain.Instance, ServerMessages.ConnectAgain.Instance, pause);
        }
        else
        {
            Connect();
        }
    }

    private void OnDrain()
    {
        _isDraining = true;
        _threads.Table.Drain();
        EndIfDrained();
    }

    private void EndIfDrained()
    {
        if (_isDraining && _threads.Table.IsDone && _threads.Opens.IsEmpty)
        {
            _isWanted = true;
            End(null);
        }
    }

    private void OnEnd(ServerProtocol.End end)
    {
        if (!end.EvenWithTurns)
        {
            if (!_threads.IsFree)
            {
                Context.Parent.Tell(ServerProtocol.Stays.Instance);
                return;
            }

            // The turns that wait for a thread have not begun: whoever starts the next server begins them.
            _late.AddRange(_threads.Opens.TakeBack());
            _late.AddRange(_threads.Table.TakeBack());
        }

        _isWanted = true;
        End(null);
    }

    private void End(AppServerFault? reason)
    {
        EnterEnding(reason);
        EndProcess(_threads.Table.Running > 0);
    }

    private void EndProcess(bool hasTurns) =>
        FileWork
            .Run(() => _server.EndAsync(hasTurns, _services.Settings.TerminateGrace, _services.Time))
            .PipeTo(Self, failure: e => new EndFailed(e.Message));

    // It keeps its threads. What it was asked goes to another server.
    private void OnEndFailed(EndFailed failed)
    {
        _log.EndFailed(failed.Reason);
        _isStuck = true;
        var fault = _reason ?? new AppServerFault(AppServerFaultKind.ServerDown, $"codex app-server cannot be ended: {failed.Reason}");
        Context.Parent.Tell(ServerProtocol.Stuck.Instance);
        _threads.Table.TellLost(fault);
        HandBackLate(fault);
        Timers.StartSingleTimer(ServerMessages.EndAgain.Instance, ServerMessages.EndAgain.Instance, EndPause);
    }

    private void OnExited(ServerMessages.Exited exited)
    {
        EnterEnding(_reason);
        FileWork
            .Run(_server.CleanUp)
            .PipeTo(
                Self,
                success: words => new ServerMessages.CleanedUp(exited.Exit, words),
                failure: e => new ServerMessages.CleanedUp(exited.Exit, e.Message)
            );
    }

    private void EnterEnding(AppServerFault? reason)
    {
        _reason = reason;
        _attempt++;
        _link.Drop();
        Become(Ending);
        Stash.UnstashAll();
    }

    // The parent learns it first, so that what it gets again does not come back here.
    private void OnCleanedUp(ServerMessages.CleanedUp cleaned)
    {
        // What a server said that ran and was killed has nothing to do with it.
        var isTelling = cleaned.Words.Length > 0 && (!_wasReady || cleaned.Exit.Code is > 0);
        var words = isTelling ? $" It said last: {cleaned.Words}" : "";
        var fault = _reason ?? new AppServerFault(AppServerFaultKind.ServerDown, $"codex app-server {cleaned.Exit.Describe()}.{words}");
        _log.Gone(_isWanted, fault.Message);
        Context.Parent.Tell(new ServerProtocol.Gone(fault, _isWanted, _server.Leftovers));
        _threads.Table.TellLost(fault);
        HandBackLate(fault);
        Context.Stop(Self);
    }

    private void HandBackLate(AppServerFault fault)
    {
        foreach (var (command, sender) in _late)
        {
            if (command is AppServerProtocol.OpenThread open && !_wasReady)
            {
                ServerThreads.Refuse(sender, open, fault);
            }
            else
            {
                HandBack(command, sender);
            }
        }

        _late.Clear();
    }

    // While it is there, the parent takes this server for the holder of what it was asked to open.
    private void HandBack(AppServerProtocol.ICommand command, IActorRef sender)
    {
        if (_isStuck && command is AppServerProtocol.OpenThread { Thread: { } thread })
        {
            Context.Parent.Tell(new ServerProtocol.LetGo(thread));
        }

        Context.Parent.Tell(command, sender);
    }

    /// <summary>The process could not be ended.</summary>
    internal sealed record EndFailed(string Reason) : IDeadLetterSuppression;
}
