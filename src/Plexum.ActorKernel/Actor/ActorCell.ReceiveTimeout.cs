namespace Akka.Actor;

/// <summary>The receive timeout: one scheduled message, moved on by every message that counts.</summary>
internal sealed partial class ActorCell
{
    private ReceiveTimeoutState? _receiveTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout?.Timeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        CancelReceiveTimeout();
        _receiveTimeout = timeout is { } limit && limit > TimeSpan.Zero ? new ReceiveTimeoutState(limit) : null;
        RestartReceiveTimeout(influenced: true);
    }

    /// <summary>Starts the time anew after a message that counts; after another one only where no time runs yet.</summary>
    public void RestartReceiveTimeout(bool influenced)
    {
        if (_receiveTimeout is { } state && !_terminated && (influenced || state.Running is null))
        {
            CancelReceiveTimeout();
            state.Running = SystemImpl.Scheduler.ScheduleTellOnceCancelable(state.Timeout, _self, Actor.ReceiveTimeout.Instance, _self);
        }
    }

    private void CancelReceiveTimeout()
    {
        if (_receiveTimeout?.Running is { } running)
        {
            running.Cancel();
            _receiveTimeout.Running = null;
        }
    }

    private sealed class ReceiveTimeoutState(TimeSpan timeout)
    {
        public TimeSpan Timeout => timeout;

        public ICancelable? Running { get; set; }
    }
}
