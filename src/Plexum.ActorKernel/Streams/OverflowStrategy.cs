namespace Akka.Streams;

/// <summary>What a full buffer does with the next element.</summary>
public enum OverflowStrategy
{
    /// <summary>Drops the element that has waited longest.</summary>
    DropHead = 2,

    /// <summary>Drops the element that came last.</summary>
    DropTail = 3,

    /// <summary>Drops all that wait.</summary>
    DropBuffer = 4,

    /// <summary>Drops the new element.</summary>
    DropNew = 5,

    /// <summary>Takes no more until there is room.</summary>
    Backpressure = 6,

    /// <summary>Fails the stream with <see cref="BufferOverflowException"/>.</summary>
    Fail = 7,
}
