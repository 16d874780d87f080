namespace Akka.Hosting;

/// <summary>A registry could not do what was asked of it.</summary>
public class ActorRegistryException : Exception
{
    /// <summary>Creates it with its message.</summary>
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its message and cause.</summary>
    public ActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>There is an actor for this key already.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    /// <summary>Creates it with its message.</summary>
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its message and cause.</summary>
    public DuplicateActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>There is no actor for this key.</summary>
public sealed class MissingActorRegistryEntryException : ActorRegistryException
{
    /// <summary>Creates it with its message.</summary>
    public MissingActorRegistryEntryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its message and cause.</summary>
    public MissingActorRegistryEntryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
