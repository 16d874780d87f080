using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>
/// Owns the calls that send replies to the platform. It limits how many run at once and makes none while the platform is down. It
/// also records accepted replies in the journal, so that a failure of a conversation's actor cannot come in between. Parent:
/// <see cref="InboxActor"/>; no children. Phases: open; tripped, after several failures in a row, until a single call has probed the
/// platform; closed, while the inbox reports the platform as down. If it fails, it is restarted, and the conversations read the
/// journal again.
/// </summary>
internal sealed partial class DeliveryActor : ReceiveActor, IWithTimers
{
    private const int MaxAtOnce = 16;
    private const int FailuresInARow = 3;

    private readonly InboxServices _services;
    private readonly Queue<InboxChildProtocol.Deliver> _waiting = [];
    private readonly Dictionary<string, (InboxChildProtocol.Deliver Order, IActorRef Asker)> _orders = new(StringComparer.Ordinal);
    private readonly List<IActorRef> _closing = [];
    private PlatformHealth _health = PlatformHealth.Up;
    private int _running;
    private int _limit = MaxAtOnce;
    private int _failuresInARow;
    private int _trips;
    private bool _tripped;

    /// <summary>Use <see cref="Props"/> to create the actor.</summary>
    public DeliveryActor(InboxServices services)
    {
        _services = services;
        Calls = new PlatformCalls(services.Time);
        Receive<InboxChildProtocol.Deliver>(Take);
        Receive<Finished>(Finish);
        Receive<PlatformHealth>(health =>
        {
            _health = _health == PlatformHealth.Refused ? _health : health;
            StartCalls();
        });
        Receive<TryAgain>(_ => TryOne());
        Receive<InboxProtocol.Close>(_ =>
        {
            _closing.Add(Sender);
            TellClosed();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private PlatformCalls Calls { get; }

    /// <summary>The props of an inbox's delivery actor.</summary>
    public static Props Props(InboxServices services) => Akka.Actor.Props.Create(() => new DeliveryActor(services));

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(InboxChildProtocol.DeliveriesLost.Instance);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Calls.Stop();

    // A restarted conversation repeats its order. If the reply is in flight, it only gets the result; nothing is sent twice.
    private void Take(InboxChildProtocol.Deliver order)
    {
        if (!_orders.ContainsKey(order.Entry.ActivityId))
        {
            _waiting.Enqueue(order);
        }

        _orders[order.Entry.ActivityId] = (order, Sender);
        StartCalls();
    }

    private void StartCalls()
    {
        while (_health == PlatformHealth.Up && _closing.Count == 0 && !_tripped && _running < _limit && _waiting.TryDequeue(out var order))
        {
            _running++;
            FileWork
                .Run(() => SendAsync(order))
                .PipeTo(Self, success: () => new Finished(order, null), failure: e => new Finished(order, e));
        }
    }

    // Nothing may come between the platform's acceptance and the journal's record: a crash there sends the reply again.
    private async Task SendAsync(InboxChildProtocol.Deliver order)
    {
        var (chat, id) = (order.Entry.Chat, ReplyId.Of(order.Entry.ActivityId));
        await Calls
            .RunAsync(token =>
                chat.IsFromUser
                    ? _services.Platform.SendMessageToUserAsync(chat.WorkspaceId, order.Reply, id, token)
                    : _services.Platform.DelegateTaskAsync(chat.PeerId, order.Reply, chat.WorkspaceId, id, token)
            )
            .ConfigureAwait(false);
        await _services.Journal.DeliveredAsync(order.Entry.ActivityId, _services.Time.GetUtcNow()).ConfigureAwait(false);
    }

    private void TellClosed()
    {
        if (_running == 0)
        {
            _closing.ForEach(asker => asker.Tell(InboxProtocol.Closed.Instance));
        }
    }

    private void Finish(Finished finished)
    {
        _running--;
        TellClosed();
        if (finished.Failure is PlatformRefusedException)
        {
            _health = PlatformHealth.Refused;
            _waiting.Enqueue(finished.Order);
            Context.Parent.Tell(new InboxChildProtocol.PlatformRefusal(finished.Failure.Message));
            return;
        }

        Judge(finished.Failure);
        if (_orders.Remove(finished.Order.Entry.ActivityId, out var order))
        {
            order.Asker.Tell(
                finished.Failure is { } failure
                    ? new InboxChildProtocol.NotDelivered(finished.Order.Entry.ActivityId, failure)
                    : new InboxChildProtocol.Delivered(finished.Order.Entry.ActivityId)
            );
        }

        StartCalls();
    }

    // One unreachable peer says nothing about the platform; several failures in a row do.
    private void Judge(Exception? failure)
    {
        if (failure is not PlatformUnavailableException unavailable)
        {
            (_failuresInARow, _trips, _limit) = (0, 0, MaxAtOnce);
        }
        else if (++_failuresInARow >= FailuresInARow && !_tripped)
        {
            _tripped = true;
            var pause = BackOff.Of(_services.Settings, ++_trips, _services.Random(), unavailable.RetryAfter);
            LogTripped(_trips, pause, unavailable.Message);
            Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, pause);
        }
    }

    private void TryOne()
    {
        (_tripped, _limit) = (false, 1);
        StartCalls();
    }

    private sealed record Finished(InboxChildProtocol.Deliver Order, Exception? Failure) : IDeadLetterSuppression;

    private sealed record TryAgain
    {
        public static TryAgain Instance { get; } = new();
    }
}
