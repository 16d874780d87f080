namespace Akka.Event;

/// <summary>
/// Marks a message whose loss is expected: undelivered, it becomes a suppressed dead letter, which is not
/// logged.
/// </summary>
public interface IDeadLetterSuppression
{
}
