using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Makes another element of each one.</summary>
internal sealed class SelectLogic<TIn, TOut>(Func<TIn, TOut> map, Attributes attributes) : FlowLogic<TIn, TOut>("select")
{
    private readonly Decider _decider = attributes.Decider();

    internal override void OnPush()
    {
        try
        {
            Out.Push(map(In.Grab()));
        }
        catch (Exception cause)
        {
            if (_decider(cause) == Directive.Stop) FailStage(cause);
            else In.Pull();
        }
    }
}
