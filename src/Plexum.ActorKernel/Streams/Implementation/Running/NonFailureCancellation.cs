namespace Akka.Streams.Implementation;

/// <summary>A cause of cancellation that is no error.</summary>
internal abstract class NonFailureCancellation(string message) : Exception(message);

/// <summary>The stage downstream has completed and wants no more elements.</summary>
internal sealed class StageWasCompleted() : NonFailureCancellation("The stage downstream was completed.")
{
    internal static readonly StageWasCompleted Instance = new();
}
