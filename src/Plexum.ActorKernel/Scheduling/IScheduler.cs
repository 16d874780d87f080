namespace Akka.Actor;

/// <summary>What a scheduler can do beyond sending messages.</summary>
public interface IAdvancedScheduler : IActionScheduler
{
}

/// <summary>The timer of an actor system. All its methods can be called from any thread.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>For code instead of messages.</summary>
    IAdvancedScheduler Advanced { get; }
}
