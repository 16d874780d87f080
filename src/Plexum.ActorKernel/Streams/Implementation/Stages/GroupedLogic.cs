namespace Akka.Streams.Implementation;

/// <summary>Gathers elements into groups of one size; the last group may be smaller.</summary>
internal sealed class GroupedLogic<T>(int size) : FlowLogic<T, IEnumerable<T>>("grouped")
{
    private List<T> _group = new(size);

    internal override void OnPush()
    {
        _group.Add(In.Grab());
        if (_group.Count < size) In.Pull();
        else PushGroup();
    }

    internal override void OnUpstreamFinish()
    {
        // An unfinished group means that downstream still waits for it.
        if (_group.Count > 0) PushGroup();
        CompleteStage();
    }

    private void PushGroup()
    {
        var group = _group;
        _group = new List<T>(size);
        Out.Push(group);
    }
}
