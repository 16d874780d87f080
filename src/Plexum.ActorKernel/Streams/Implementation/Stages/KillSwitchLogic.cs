namespace Akka.Streams.Implementation;

/// <summary>Passes elements on until its switch is used.</summary>
internal sealed class KillSwitchLogic<T> : FlowLogic<T, T>
{
    private readonly SwitchState _state;
    private readonly Signal _used;

    internal KillSwitchLogic(SwitchState state, IKillSwitch handle)
        : base("killSwitch")
    {
        _state = state;
        Materialized = handle;
        _used = new Signal(this, SwitchUsed);
    }

    internal override object Materialized { get; }

    internal override void PreStart()
    {
        if (!_state.TryListen(_used)) SwitchUsed();
    }

    internal override void OnPush() => Out.Push(In.Grab());

    internal override void PostStop() => _state.StopListening(_used);

    private void SwitchUsed()
    {
        if (_state.Cause is { } cause) FailStage(new AggregateException(cause));
        else CompleteStage();
    }
}

/// <summary>Passes elements on until a token is cancelled.</summary>
internal sealed class CancellationTokenLogic<T> : FlowLogic<T, T>
{
    private readonly CancellationToken _token;
    private readonly bool _gracefully;
    private readonly Signal _cancelled;
    private CancellationTokenRegistration _registration;

    internal CancellationTokenLogic(CancellationToken token, bool gracefully)
        : base("cancellationToken")
    {
        _token = token;
        _gracefully = gracefully;
        _cancelled = new Signal(this, Cancelled);
    }

    internal override void PreStart()
    {
        if (_token.IsCancellationRequested) Cancelled();
        else _registration = _token.UnsafeRegister(static signal => ((Signal)signal!).Raise(), _cancelled);
    }

    internal override void OnPush() => Out.Push(In.Grab());

    internal override void PostStop() => _registration.Dispose();

    private void Cancelled()
    {
        if (_gracefully) CompleteStage();
        else FailStage(new OperationCanceledException("Stage cancelled due to cancellation token request.", _token));
    }
}
