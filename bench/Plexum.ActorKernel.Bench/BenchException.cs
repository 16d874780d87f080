namespace Plexum.ActorKernel.Bench;

/// <summary>A mistake of the caller's or a failed measurement; its message is all that is printed.</summary>
internal sealed class BenchException(string message) : Exception(message);
