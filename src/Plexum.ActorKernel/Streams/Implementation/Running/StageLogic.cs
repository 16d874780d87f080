namespace Akka.Streams.Implementation;

/// <summary>
/// One running stage. Its island calls it for one thing at a time, so its fields need no locks. What it does not
/// override behaves as in every Akka stream: completion and failure go downstream, cancellation goes upstream.
/// </summary>
internal abstract class StageLogic(string name)
{
    private int _openPorts;
    private bool _keepGoing;

    internal Island Island { get; private set; } = null!;

    /// <summary>The stage is in its island's list of those that may have stopped.</summary>
    internal bool IsListed { get; set; }

    /// <summary>The next one in that list.</summary>
    internal StageLogic? NextListed { get; set; }

    /// <summary>What this stage contributes to the materialized value.</summary>
    internal virtual object Materialized => NotUsed.Instance;

    /// <summary>The stage has ended and hears nothing any more.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>The stage ends as soon as it returns.</summary>
    private protected bool IsStopping => _openPorts == 0;

    /// <summary>The wire that brings elements, or null for a source.</summary>
    internal virtual Connection? Inlet => null;

    /// <summary>The wire that takes elements away, or null for a sink.</summary>
    internal virtual Connection? Outlet => null;

    /// <summary>Holds the stage open while it still waits for something although all its ports are closed.</summary>
    private protected bool KeepGoing
    {
        get => _keepGoing;
        set
        {
            if (_keepGoing == value) return;
            _keepGoing = value;
            if (value) _openPorts++;
            else PortClosed();
        }
    }

    internal void Join(Island island)
    {
        Island = island;
        _openPorts += (Inlet is null ? 0 : 1) + (Outlet is null ? 0 : 1);
    }

    internal void PortClosed()
    {
        if (--_openPorts == 0) Island.MayHaveStopped(this);
    }

    /// <summary>Ends the stage if nothing holds it open any more.</summary>
    internal bool TryStop() => IsStopped = _openPorts == 0;

    /// <summary>Ends the stage without a word to its neighbours, which is how an abort leaves those that still run.</summary>
    internal void Abandon()
    {
        if (IsStopped) return;
        _openPorts = 0;
        Island.MayHaveStopped(this);
    }

    /// <summary>Runs before any element moves.</summary>
    internal virtual void PreStart()
    {
    }

    /// <summary>Runs once when the stage has stopped, for whatever reason.</summary>
    internal virtual void PostStop()
    {
    }

    internal virtual void OnPush() => throw new NotSupportedException($"{this} takes no elements.");

    internal virtual void OnPull() => throw new NotSupportedException($"{this} gives no elements.");

    internal virtual void OnUpstreamFinish() => CompleteStage();

    internal virtual void OnUpstreamFailure(Exception cause) => FailStage(cause);

    internal virtual void OnDownstreamFinish(Exception cause) => CancelStage(cause);

    internal void CompleteStage() => Stop(StageWasCompleted.Instance, null);

    internal void FailStage(Exception cause) => Stop(cause, cause);

    /// <summary>Stops because downstream wants no more; an error that made downstream cancel is a failure here, too.</summary>
    internal void CancelStage(Exception cause) => Stop(cause, cause is NonFailureCancellation ? null : cause);

    private void Stop(Exception cancellation, Exception? failure)
    {
        Inlet?.Cancel(cancellation);
        if (failure is null) Outlet?.Complete();
        else Outlet?.Fail(failure);
        KeepGoing = false;
    }

    /// <inheritdoc/>
    public override string ToString() => name;
}
