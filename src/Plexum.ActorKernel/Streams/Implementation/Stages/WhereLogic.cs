using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation;

/// <summary>Passes on the elements for which the predicate holds.</summary>
internal sealed class WhereLogic<T>(Predicate<T> predicate, Attributes attributes) : FlowLogic<T, T>("where")
{
    private readonly Decider _decider = attributes.Decider();

    internal override void OnPush()
    {
        var element = In.Grab();
        try
        {
            if (predicate(element)) Out.Push(element);
            else In.Pull();
        }
        catch (Exception cause)
        {
            if (_decider(cause) == Directive.Stop) FailStage(cause);
            else In.Pull();
        }
    }
}
