using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Passes on the first elements and completes with the last of them.</summary>
internal sealed class TakeLogic<T>(long count) : FlowLogic<T, T>("take")
{
    private long _left = count;

    internal override void OnPull()
    {
        if (_left > 0) In.Pull();
        else CompleteStage();
    }

    internal override void OnPush()
    {
        _left--;
        Out.Push(In.Grab());
        if (_left <= 0) CompleteStage();
    }
}

/// <summary>Passes elements on until the predicate no longer holds.</summary>
internal sealed class TakeWhileLogic<T>(Predicate<T> predicate, bool inclusive, Attributes attributes) : FlowLogic<T, T>("takeWhile")
{
    private readonly Decider _decider = attributes.Decider();

    internal override void OnPush()
    {
        var element = In.Grab();
        try
        {
            var goesOn = predicate(element);
            if (goesOn || inclusive) Out.Push(element);
            if (!goesOn) CompleteStage();
        }
        catch (Exception cause)
        {
            if (_decider(cause) == Directive.Stop) FailStage(cause);
            else In.Pull();
        }
    }
}
