namespace Akka.TestKit;

/// <summary>
/// Marks a test class whose <c>Tell</c> without a sender has none. Without this mark the test actor is the sender.
/// </summary>
public interface INoImplicitSender
{
}
