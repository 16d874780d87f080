using Akka.Actor;

namespace Akka.Streams.Implementation;

/// <summary>An actor that takes elements at its own pace, and the words that are spoken with it.</summary>
internal sealed record AckedActor(
    IActorRef Ref, object OnInit, object Ack, object OnComplete, Func<Exception, object> OnFailure);

/// <summary>
/// Sends an actor one element for each acknowledgement. Elements that come before they are wanted wait, up to the
/// stage's input buffer.
/// </summary>
internal sealed class ActorRefWithAckLogic<TIn> : SinkLogic<TIn>
{
    private readonly AckedActor _target;
    private readonly RingBuffer<TIn> _waiting;
    private FunctionRef? _self;
    private bool _isWanted;
    private bool _upstreamFinished;

    internal ActorRefWithAckLogic(AckedActor target, Attributes attributes)
        : base("actorRefWithAckSink")
    {
        _target = target;
        _waiting = new RingBuffer<TIn>(attributes.GetAttribute(new Attributes.InputBuffer(16, 16)).Max);
    }

    internal override void PreStart()
    {
        // Upstream may be finished long before the actor has taken all that waits here.
        KeepGoing = true;
        _self = new FunctionRef(Island.Host.System, (_, message) => Island.Post(new OneEvent(this, () => Receive(message))));
        _self.Watch(_target.Ref);
        Tell(_target.OnInit);
        In.Pull();
    }

    internal override void OnPush()
    {
        _waiting.Enqueue(In.Grab());
        if (_isWanted)
        {
            _isWanted = false;
            SendOldest();
        }

        if (!_waiting.IsFull) In.Pull();
    }

    internal override void OnUpstreamFinish()
    {
        if (_waiting.IsEmpty) Finish();
        else _upstreamFinished = true;
    }

    internal override void OnUpstreamFailure(Exception cause)
    {
        Tell(_target.OnFailure(cause));
        FailStage(cause);
    }

    internal override void PostStop() => _self?.Stop();

    private void Receive(object message)
    {
        if (message.GetType() == _target.Ack.GetType())
            Acknowledged();
        else if (message is Terminated terminated && terminated.ActorRef.Equals(_target.Ref))
            CompleteStage();
    }

    private void Acknowledged()
    {
        if (_waiting.IsEmpty)
        {
            _isWanted = true;
            return;
        }

        var wasFull = _waiting.IsFull;
        SendOldest();
        if (wasFull && !In.HasBeenPulled && !In.IsClosedForConsumer) In.Pull();
    }

    private void SendOldest()
    {
        Tell(_waiting.Dequeue()!);
        if (_waiting.IsEmpty && _upstreamFinished) Finish();
    }

    private void Finish()
    {
        Tell(_target.OnComplete);
        CompleteStage();
    }

    private void Tell(object message) => _target.Ref.Tell(message, _self);
}
