namespace Akka.Streams.Implementation;

internal static class Promise
{
    /// <summary>A task to be completed by a stage; what waits for it does not run on the stage's time.</summary>
    internal static TaskCompletionSource<T> Create<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
