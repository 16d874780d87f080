using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Retention;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>
/// Owns the inbox of one workspace of the platform: asks for messages, writes them down, and wakes the chat threads that have some.
/// Parent: the user guardian; children: a <see cref="ChatThreadActor"/> for each thread with something to do, one
/// <see cref="DeliveryActor"/> and one <see cref="AcknowledgementActor"/>. Phases: <see cref="InboxPhase"/>. When it fails it is restarted
/// and goes on from the journal.
/// </summary>
public sealed partial class InboxActor : ReceiveActor, IWithTimers
{
    private readonly InboxEnvironment _environment;
    private readonly Dictionary<AgentId, ThreadHandle> _threads = [];
    private readonly ClockWatch _clock;
    private IActorRef _deliveries = ActorRefs.Nobody;
    private IActorRef _acknowledgements = ActorRefs.Nobody;
    private InboxPhase _phase;
    private (string Text, DateTimeOffset At)? _lastError;
    private long _threadsMade;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public InboxActor(InboxEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        Calls = new PlatformCalls(environment.Time);
        _clock = new ClockWatch(environment.Time);

        // An answer to the question of an earlier incarnation is not taken for one to this one's.
        _question = environment.Time.GetTimestamp();
        Polling();
        Threads();
        Questions();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private PlatformCalls Calls { get; }

    /// <summary>The inbox of a workspace.</summary>
    public static Props Props(InboxEnvironment environment) => Akka.Actor.Props.Create(() => new InboxActor(environment));

    /// <summary>All of them find in the journal what they need to go on.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _deliveries = Context.ActorOf(DeliveryActor.Props(_environment), "deliveries");
        _acknowledgements = Context.ActorOf(AcknowledgementActor.Props(_environment), "acknowledgements");
        Timers.StartPeriodicTimer(HourPassed.Instance, HourPassed.Instance, TimeSpan.Zero, TimeSpan.FromHours(1));
        FindOpenThreads();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object? message)
    {
        // The platform does not hand these out again; the next incarnation writes them down.
        if (_unwritten.Count > 0)
        {
            Self.Tell(new MessagesCame(0, _unwritten, TimeSpan.Zero));
        }

        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Calls.Stop();

    private void Threads()
    {
        Receive<OpenThreadsFound>(OnOpenThreads);
        Receive<ThreadIdle>(OnThreadIdle);
        Receive<Settled>(_ => _acknowledgements.Tell(AcknowledgementActor.Begin.Instance));
        Receive<DeliveriesLost>(_ => OnDeliveriesLost());
        Receive<PlatformRefusal>(refusal => Refuse(refusal.Problem));
        Receive<Trouble>(trouble => NoteError(trouble.Problem));
        Receive<HourPassed>(_ => Forget());
        Receive<Forgotten>(forgotten => LogForgotten(forgotten.Count));
    }

    // What an earlier run left behind is woken before the first question for new messages: of each thread the journal gives the oldest first.
    private void FindOpenThreads() => _environment.Journal.OpenThreadsAsync().PipeTo(
        Self, success: threads => new OpenThreadsFound(threads), failure: e => new JournalTrouble(e, FindAgain.Instance));

    private void OnOpenThreads(OpenThreadsFound found)
    {
        JournalAnswered();
        LogOpened(_environment.WorkspaceId, found.Threads.Length);
        Wake(found.Threads);
        _acknowledgements.Tell(AcknowledgementActor.Begin.Instance);
        Listen();
    }

    private void Wake(ImmutableArray<AgentId> threads)
    {
        foreach (var thread in threads)
        {
            if (!_threads.TryGetValue(thread, out var handle))
            {
                // The one before it may not have stopped yet, so names are not used twice.
                var name = FormattableString.Invariant($"chat-{thread.Value}-{++_threadsMade}");
                handle = new ThreadHandle(Context.ActorOf(ChatThreadActor.Props(_environment, thread, _deliveries), name), 0);
            }

            _threads[thread] = handle = handle with { Wakes = handle.Wakes + 1 };
            handle.Actor.Tell(new ChatThreadActor.Wake(handle.Wakes));
        }
    }

    // It may have been woken since it looked; it then gets the last number again and looks once more.
    private void OnThreadIdle(ThreadIdle idle)
    {
        if (!_threads.TryGetValue(idle.Thread, out var handle) || !handle.Actor.Equals(Sender))
        {
            return;
        }

        if (handle.Wakes == idle.Wake)
        {
            _threads.Remove(idle.Thread);
            Context.Stop(Sender);
        }
        else
        {
            Sender.Tell(new ChatThreadActor.Wake(handle.Wakes));
        }
    }

    // After a jump of the clock nothing is forgotten: a message that the platform hands out again would be answered again.
    private void Forget()
    {
        if (_clock.Look() is { } reason)
        {
            LogNotForgotten(reason);
            return;
        }

        _environment.Journal.ForgetAsync(_environment.Time.GetUtcNow() - _environment.Settings.Handled, 10_000).PipeTo(
            Self, success: count => new Forgotten(count), failure: e => new Trouble(e.Message));
    }

    private void OnDeliveriesLost()
    {
        _deliveries.Tell(_phase switch
        {
            InboxPhase.Refused => PlatformHealth.Refused,
            InboxPhase.PlatformDown => PlatformHealth.Down,
            _ => PlatformHealth.Up,
        });
        foreach (var thread in _threads.Values)
        {
            thread.Actor.Tell(ChatThreadActor.LookAgain.Instance);
        }
    }

    private void NoteError(string problem) => _lastError = (problem, _environment.Time.GetUtcNow());

    private sealed record FindAgain
    {
        public static FindAgain Instance { get; } = new();
    }

    private sealed record ThreadHandle(IActorRef Actor, long Wakes);

    private sealed record OpenThreadsFound(ImmutableArray<AgentId> Threads);

    private sealed record Forgotten(int Count);

    private sealed record HourPassed : INotInfluenceReceiveTimeout
    {
        public static HourPassed Instance { get; } = new();
    }

    /// <summary>A thread found nothing to do.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Wake">The last wake that it knows of.</param>
    internal sealed record ThreadIdle(AgentId Thread, long Wake);

    /// <summary>A message is done or dead, and can be acknowledged.</summary>
    internal sealed record Settled
    {
        public static Settled Instance { get; } = new();
    }

    /// <summary>The actor of deliveries failed and knows of none any more.</summary>
    internal sealed record DeliveriesLost
    {
        public static DeliveriesLost Instance { get; } = new();
    }

    /// <summary>The platform has refused the workspace at some call.</summary>
    /// <param name="Problem">What it said.</param>
    internal sealed record PlatformRefusal(string Problem);

    /// <summary>Something that the status should show.</summary>
    /// <param name="Problem">A sentence.</param>
    internal sealed record Trouble(string Problem);
}
