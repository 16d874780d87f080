using Akka.Util;

namespace Akka.Streams.Implementation;

/// <summary>Ends with one more element instead of a failure, where the function has one for it.</summary>
internal sealed class RecoverLogic<T>(Func<Exception, Option<T>> recover) : FlowLogic<T, T>("recover")
{
    private Option<T> _last = Option<T>.None;

    internal override void OnPush() => Out.Push(In.Grab());

    internal override void OnUpstreamFailure(Exception cause)
    {
        _last = recover(cause);
        if (!_last.HasValue) FailStage(cause);
        else if (Out.IsAvailable) PushLast();
    }

    internal override void OnPull()
    {
        if (_last.HasValue) PushLast();
        else In.Pull();
    }

    private void PushLast()
    {
        Out.Push(_last.Value);
        CompleteStage();
    }
}
