namespace Akka.Dispatch;

/// <summary>The system messages of one cell: many producers push, the cell takes all at once, oldest first.</summary>
internal struct SystemMessageQueue
{
    private SystemMessage? _latest;

    public readonly bool IsEmpty => _latest is null;

    public void Enqueue(SystemMessage message)
    {
        SystemMessage? latest;
        do
        {
            latest = Volatile.Read(ref _latest);
            message.Next = latest;
        }
        while (Interlocked.CompareExchange(ref _latest, message, latest) != latest);
    }

    /// <summary>Takes everything; the result is a list by <see cref="SystemMessage.Next"/> with the oldest in front.</summary>
    public SystemMessage? TakeAll()
    {
        var message = Interlocked.Exchange(ref _latest, null);
        SystemMessage? oldest = null;
        while (message is not null)
        {
            var next = message.Next;
            message.Next = oldest;
            oldest = message;
            message = next;
        }

        return oldest;
    }
}
