namespace Akka.Streams;

/// <summary>A buffer with <see cref="OverflowStrategy.Fail"/> was full when the next element came.</summary>
public sealed class BufferOverflowException : Exception
{
    /// <summary>An overflow, told in a sentence.</summary>
    public BufferOverflowException(string message)
        : base(message)
    {
    }

    /// <summary>An overflow, told in a sentence, and what led to it.</summary>
    public BufferOverflowException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
