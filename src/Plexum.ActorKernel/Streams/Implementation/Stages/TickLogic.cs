using Akka.Actor;

namespace Akka.Streams.Implementation;

/// <summary>Gives one element at each tick of the scheduler that finds demand.</summary>
internal sealed class TickLogic<T> : SourceLogic<T>
{
    private readonly TimeSpan _initialDelay;
    private readonly TimeSpan _interval;
    private readonly T _tick;
    private readonly TickHandle _handle = new();
    private readonly Signal _cancelled;
    private CancellationTokenRegistration _registration;
    private ICancelable? _timer;

    internal TickLogic(TimeSpan initialDelay, TimeSpan interval, T tick)
        : base("tickSource")
    {
        _initialDelay = initialDelay;
        _interval = interval;
        _tick = tick;
        _cancelled = new Signal(this, CompleteStage);
    }

    internal override object Materialized => _handle;

    internal override void PreStart()
    {
        _registration = _handle.Token.UnsafeRegister(static signal => ((Signal)signal!).Raise(), _cancelled);
        _timer = Island.Host.System.Scheduler.Advanced.ScheduleRepeatedlyCancelable(
            _initialDelay, _interval, () => Island.Post(new OneEvent(this, Tick)));
    }

    internal override void OnPull()
    {
        // The element comes with the next tick.
    }

    internal override void PostStop()
    {
        _timer?.Cancel();
        _registration.Dispose();
    }

    private void Tick()
    {
        if (Out.IsAvailable && !_handle.IsCancellationRequested) Out.Push(_tick);
    }
}

/// <summary>Ends a tick source.</summary>
internal sealed class TickHandle : ICancelable
{
    private readonly CancellationTokenSource _source = new();

    public bool IsCancellationRequested => _source.IsCancellationRequested;

    public CancellationToken Token => _source.Token;

    public void Cancel() => _source.Cancel();

    public void Cancel(bool throwOnFirstException) => _source.Cancel(throwOnFirstException);

    public void CancelAfter(TimeSpan delay) => _source.CancelAfter(delay);

    public void CancelAfter(int millisecondsDelay) => _source.CancelAfter(millisecondsDelay);
}
