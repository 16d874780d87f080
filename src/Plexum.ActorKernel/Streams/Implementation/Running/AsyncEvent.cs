namespace Akka.Streams.Implementation;

/// <summary>
/// Something that happened outside an island and that one of its stages has to hear. <see cref="Island.Post"/> may be
/// called by any thread; <see cref="Handle"/> runs within the island, unless the stage has stopped by then.
/// </summary>
internal abstract class AsyncEvent(StageLogic? target)
{
    /// <summary>The stage concerned; null when it is the island itself.</summary>
    internal StageLogic? Target { get; } = target;

    internal AsyncEvent? Next { get; set; }

    internal abstract void Handle();
}

/// <summary>An event that happens once.</summary>
internal sealed class OneEvent(StageLogic? target, Action handler) : AsyncEvent(target)
{
    internal override void Handle() => handler();
}

/// <summary>An event that may happen again and again; what happens while one is on its way adds nothing to it.</summary>
internal sealed class Signal(StageLogic target, Action handler) : AsyncEvent(target)
{
    private int _raised;

    internal void Raise()
    {
        if (Interlocked.Exchange(ref _raised, 1) == 0) Target!.Island.Post(this);
    }

    internal override void Handle()
    {
        // Lowered before the handler looks around: what happens after that look raises it again.
        Interlocked.Exchange(ref _raised, 0);
        handler();
    }
}
