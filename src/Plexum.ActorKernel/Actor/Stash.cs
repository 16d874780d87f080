namespace Akka.Actor;

/// <summary>An actor with a stash. The runtime sets the property after the constructor has run.</summary>
public interface IActorStash
{
    /// <summary>The actor's stash.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash whose mailbox may be of any kind.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash
{
}

/// <summary>An actor with a stash that has no limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash
{
}

/// <summary>
/// Messages that an actor has put aside. Unstashed ones go to the front of the mailbox in the order in which they were
/// stashed. When the actor restarts or stops everything is unstashed.
/// </summary>
public interface IStash
{
    /// <summary>How many messages are put aside.</summary>
    int Count { get; }

    /// <summary>Whether there are none.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether there are some.</summary>
    bool NonEmpty { get; }

    /// <summary>Whether no more fits.</summary>
    bool IsFull { get; }

    /// <summary>How many fit; negative: any number.</summary>
    int Capacity { get; }

    /// <summary>Puts the message at hand aside.</summary>
    /// <exception cref="IllegalActorStateException">It has been put aside already.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest message back.</summary>
    void Unstash();

    /// <summary>Puts all messages back.</summary>
    void UnstashAll();

    /// <summary>Puts back what <paramref name="predicate"/> accepts and forgets the rest.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and returns what was in it.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those that are put aside.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}
