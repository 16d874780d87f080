namespace Akka.Streams;

/// <summary>An element was asked of a stream that had none.</summary>
public class NoSuchElementException : Exception
{
    /// <summary>What was asked for, in a sentence.</summary>
    public NoSuchElementException(string message)
        : base(message)
    {
    }
}
