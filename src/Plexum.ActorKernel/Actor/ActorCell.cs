using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// The runtime's side of one actor: its mailbox, children, watches and the incarnation that handles its messages. All
/// but sending happens on the actor's own turn.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    internal static ActorCell? Current;

    private readonly LocalActorRef _self;
    private readonly IInternalActorRef _parent;
    private readonly Mailbox _mailbox;
    private ActorBase? _actor;
    private ActorTaskScheduler? _taskScheduler;
    private Receive? _behavior;
    private Stack<Receive>? _outerBehaviors;
    private IActorRef? _sender;
    private bool _terminated;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef parent)
    {
        SystemImpl = system;
        Props = props;
        _self = self;
        _parent = parent;
        _mailbox = new Mailbox(this);
    }

    public ActorSystemImpl SystemImpl { get; }

    public Props Props { get; }

    public object? CurrentMessage { get; set; }

    public IActorRef Self => _self;

    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;

    public ActorSystem System => SystemImpl;

    public IActorRef Parent => _parent;

    public IInternalActorRef InternalParent => _parent;

    public bool IsTerminated => _mailbox.IsClosed;

    public ActorTaskScheduler TaskScheduler => _taskScheduler ??= new ActorTaskScheduler(this);

    public static IActorRef? CurrentSelfOrNoSender => Current?._self;

    public static IActorRef? CurrentSenderOrNoSender => Current?.Sender;

    public void SendMessage(object message, IActorRef? sender) => _mailbox.Enqueue(message, sender);

    public void SendSystemMessage(SystemMessage message) => _mailbox.EnqueueSystem(message);

    public void SuspendMailbox() => _mailbox.Suspend();

    public void ResumeMailbox() => _mailbox.Resume();

    public void EnqueueFirst(Envelope envelope)
    {
        _mailbox.EnqueueFirst(envelope);
        if (envelope.Message is Terminated terminated)
        {
            TerminatedIsQueued(terminated.ActorRef, null);
        }
    }

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        (_outerBehaviors ??= new Stack<Receive>()).Push(CurrentBehavior);
        _behavior = receive;
    }

    public void UnbecomeStacked()
    {
        if (_outerBehaviors is not null && _outerBehaviors.TryPop(out var outer))
        {
            _behavior = outer;
        }
    }

    public void Become(UntypedReceive receive) => Become(Handling(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handling(receive));

    // The first behaviour is the actor's own Receive. One delegate serves all actors: it asks for the one whose turn it is.
    private static readonly Receive OwnReceive = message => Current!._actor!.ReceiveByDefault(message);

    private Receive CurrentBehavior => _behavior ?? OwnReceive;

    private static Receive Handling(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void ForgetBehaviors()
    {
        _behavior = null;
        _outerBehaviors = null;
    }
}
