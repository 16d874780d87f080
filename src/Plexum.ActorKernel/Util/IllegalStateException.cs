using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Something was asked of an object that its state does not allow.</summary>
public class IllegalStateException : AkkaException
{
    /// <summary>Creates it with a sentence that says what was asked of whom.</summary>
    public IllegalStateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a sentence that says what was asked of whom, and the cause.</summary>
    public IllegalStateException(string message, Exception innerEx)
        : base(message, innerEx)
    {
    }
}
