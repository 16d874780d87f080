using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>A turn while the server runs it. Belongs to an actor, whose timers it gets with each call.</summary>
internal sealed class TurnWork
{
    private readonly AppServerTurnServices _services;
    private readonly ServerTurn _turn;
    private readonly IActorRef _parent;
    private readonly IActorRef _self;
    private readonly ILoggingAdapter _log;
    private readonly EventFlow _flow;
    private readonly List<CodexBackendProtocol.Steer> _early = [];
    private bool _hasDeclined;
    private bool _isNamed;

    /// <param name="services">What turns need.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="rollout">The agent's <see cref="Plexum.Codex.Rollouts.RolloutActor"/>.</param>
    /// <param name="parent">The turn's actor.</param>
    /// <param name="self">The actor.</param>
    /// <param name="log">The program's log.</param>
    public TurnWork(
        AppServerTurnServices services,
        ServerTurn turn,
        IActorRef rollout,
        IActorRef parent,
        IActorRef self,
        ILoggingAdapter log
    )
    {
        (_services, _turn, _parent, _self, _log) = (services, turn, parent, self, log);
        _flow = new EventFlow(services.Settings.DeltaWindow, parent, self, services.Time);
        Server = new ServerThread(services.Server, turn.TurnId);
        Calls = new LiveReading(rollout, turn.TurnId, parent);
        Stopping = new Stopping(Server, services.Settings.InterruptGrace);
        Questions = new Questions(turn.TurnId, services.Server, parent);
        Mapper = NewMapper(null);
    }

    public ServerThread Server { get; }

    public LiveReading Calls { get; }

    public Stopping Stopping { get; }

    public Questions Questions { get; }

    public ServerTurnMapper Mapper { get; private set; }

    /// <summary>Why the server was lost, or did not end the turn; null if neither was so.</summary>
    public string? Lost { get; set; }

    /// <summary>Why this program ends the turn; null if it does not.</summary>
    public TurnFailure? Failure { get; private set; }

    /// <summary>Whether the turn began in a new thread of which nothing is known but its id.</summary>
    public bool IsUnnamed => !_isNamed && _turn.Record is not { ResumedThread: not null };

    /// <summary>Whether all that is known was told, and all is written as far as it can be.</summary>
    public bool IsTold => !Calls.IsBusy && !_flow.IsBusy && (_flow.Lost is not null || !Mapper.HasEvents);

    // The server refuses to stop a turn until it has said that it has started (measured on 0.169.0 and 0.171.0). Additions, which it would
    // take before, wait as long, so that they keep their order.
    private string? Started => Mapper.HasBegun ? Mapper.ServerTurnId : null;

    /// <summary>Another attempt begins.</summary>
    public void Renew(ThreadId? resumed)
    {
        Server.Renew();
        Mapper = NewMapper(resumed);
    }

    /// <summary>The server runs the turn.</summary>
    /// <returns>Whether it is over already.</returns>
    public bool Begin(ITimerScheduler timers)
    {
        NameThread();
        if (Stopping.Cause is not null)
        {
            Stopping.Begin(Started, timers);
        }

        return GoOn(timers);
    }

    /// <summary>The server says something.</summary>
    /// <returns>Whether a turn that runs is over.</returns>
    public bool Take(AppServerProtocol.Said said, bool isRunning, ITimerScheduler timers)
    {
        Mapper.Map(said.Method, said.Parameters);
        Questions.Note(said);
        if (said.Method == "turn/started" && Started is { } started)
        {
            OnStarted(started, timers);
        }

        if (!isRunning)
        {
            return false;
        }

        if (said.Method == "thread/tokenUsage/updated" && Mapper.HasCalls && Calls.Read(Server.Id!.Value))
        {
            Mapper.TakeCalls();
        }

        return GoOn(timers);
    }

    /// <summary>A sub-agent's question was declined. Readers learn that once.</summary>
    /// <returns>Whether a turn that runs is over.</returns>
    public bool Take(AppServerProtocol.Declined declined, bool isRunning, ITimerScheduler timers)
    {
        if (!_hasDeclined && !_turn.Logged.HasNotice(NoticeCodes.SubAgentDeclined))
        {
            _log.Warning("codex: turn {TurnId}: a sub-agent asked {Method}, which was declined", _turn.TurnId, declined.Method);
            Mapper.Tell(
                new CanonicalEvent.Notice(
                    NoticeCodes.SubAgentDeclined,
                    "A sub-agent of the turn asked something, and was declined: plexum-codex puts only the questions of the turn's own "
                        + "agent to people. Sub-agents do what needs no question; have the agent itself do the rest."
                )
            );
        }

        _hasDeclined = true;
        return isRunning && GoOn(timers);
    }

    /// <summary>The turn is told to stop.</summary>
    /// <param name="stop">The message.</param>
    /// <param name="isBegun">Whether the server runs the turn, or may do so.</param>
    /// <param name="timers">The actor's timers.</param>
    public void Stop(CodexBackendProtocol.Stop stop, bool isBegun, ITimerScheduler timers)
    {
        Stopping.Demand(stop.Cause, stop.Force);
        var cause = Stopping.Cause!.Value;
        Note(() => _turn.NoteStop(cause));
        if (isBegun)
        {
            Stopping.Begin(Started, timers);
        }
    }

    /// <summary>A step of the stop has taken too long.</summary>
    /// <returns>Whether the turn ends without the server.</returns>
    public bool IsOverdue(ITimerScheduler timers)
    {
        if (Stopping.Next(timers))
        {
            return false;
        }

        Lost = "it did not end the turn in time";
        return true;
    }

    /// <summary>Changes the turn's record; <see cref="NotNoted"/> comes if it cannot be.</summary>
    public void Note(Action note) => FileWork.Run(note).PipeTo(_self, failure: e => new NotNoted(e));

    /// <summary>The record could not be changed, which a later daemon may miss.</summary>
    public void Log(NotNoted failed) =>
        _log.Warning("codex: the record of turn {TurnId} could not be changed: {Error}", _turn.TurnId, failed.Cause.Message);

    /// <summary>Tells what is to be told.</summary>
    /// <returns>Whether the turn is over.</returns>
    public bool GoOn(ITimerScheduler timers)
    {
        _flow.Tell(Mapper, timers);
        if (Failure is null && Mapper.Told > _services.Settings.MaxOutputBytes)
        {
            Abort(BackendFailure.OutputTooLarge(), timers);
        }

        return Mapper.Status is not null;
    }

    /// <summary>The thread has a rollout, so the agent can go on in it.</summary>
    public void NameThread()
    {
        _isNamed = true;
        _parent.Tell(new CodexBackendProtocol.ThreadNamed(Server.Id!.Value));
    }

    /// <summary>Tells all that waits.</summary>
    public void TellAll(ITimerScheduler timers) => _flow.Tell(Mapper, timers, all: true);

    /// <summary>Events are written, or cannot be.</summary>
    public void Take(CodexBackendProtocol.IEventsAnswer answer, bool isRunning, ITimerScheduler timers)
    {
        if (_flow.Take(answer) || Failure is not null)
        {
            return;
        }

        Failure = BackendFailure.LogUnwritable(_flow.Lost!);
        if (isRunning)
        {
            Abort(Failure, timers);
        }
    }

    /// <summary>Adds to the turn.</summary>
    /// <param name="steer">The addition.</param>
    /// <param name="isBegun">Whether the server runs the turn, or may do so.</param>
    /// <param name="isReturning">Whether the turn of an earlier process of this program is being looked for in the server.</param>
    public void Steer(CodexBackendProtocol.Steer steer, bool isBegun, bool isReturning)
    {
        if (isBegun && Started is { } started)
        {
            Server.Steer(started, steer.Number, steer.Text);
        }
        else if (isBegun)
        {
            _early.Add(steer);
        }
        else
        {
            AnswerSteer(steer.Answer(isReturning ? SteerOutcome.NotAtHand : SteerOutcome.NotRunning));
        }
    }

    /// <summary>What became of an addition that the server did not take: most often the turn had just ended.</summary>
    public static CodexBackendProtocol.SteerAnswered WhyNotSteered(AppServerProtocol.Refused refused) =>
        new(
            refused.Fault.Kind switch
            {
                AppServerFaultKind.NoActiveTurn or AppServerFaultKind.NoSuchThread => SteerOutcome.NotRunning,
                AppServerFaultKind.NoAnswer or AppServerFaultKind.ServerDown or AppServerFaultKind.Unreadable => SteerOutcome.Unknown,
                _ => SteerOutcome.Refused,
            }
        )
        {
            Number = refused.Number,
            Reason = refused.Fault.Message,
        };

    /// <summary>Answers the one who added to the turn.</summary>
    public void AnswerSteer(CodexBackendProtocol.SteerAnswered answer) => _parent.Tell(answer);

    // What came before that.
    private void OnStarted(string started, ITimerScheduler timers)
    {
        if (Stopping.Cause is not null || Failure is not null)
        {
            Stopping.Begin(started, timers);
        }

        foreach (var steer in _early)
        {
            Server.Steer(started, steer.Number, steer.Text);
        }

        _early.Clear();
    }

    // Codex must not go on with what nobody will see.
    private void Abort(TurnFailure failure, ITimerScheduler timers)
    {
        Failure = failure;
        Stopping.Demand(null, force: true);
        Stopping.Begin(Started, timers);
    }

    private ServerTurnMapper NewMapper(ThreadId? resumed) => new(resumed, _turn.Logged, _services.Time);
}
