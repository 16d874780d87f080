namespace Akka.Streams;

/// <summary>Ends a running stream from outside.</summary>
public interface IKillSwitch
{
    /// <summary>Completes the stream at the switch: downstream sees completion, upstream is cancelled.</summary>
    void Shutdown();

    /// <summary>Fails the stream at the switch with an <see cref="AggregateException"/> around the cause; upstream is cancelled.</summary>
    void Abort(Exception cause);
}
