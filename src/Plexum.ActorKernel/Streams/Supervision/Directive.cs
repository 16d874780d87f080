namespace Akka.Streams.Supervision;

/// <summary>What a stage does after a function that was given to it has thrown.</summary>
public enum Directive
{
    /// <summary>The stream fails with the error.</summary>
    Stop,

    /// <summary>The element is dropped and the stream goes on; what the stage has accumulated stays.</summary>
    Resume,

    /// <summary>The element is dropped and the stream goes on; what the stage has accumulated is thrown away.</summary>
    Restart,
}
