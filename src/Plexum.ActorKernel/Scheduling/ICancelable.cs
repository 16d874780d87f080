namespace Akka.Actor;

/// <summary>The handle with which scheduled work is cancelled. Cancelling twice is allowed.</summary>
public interface ICancelable
{
    /// <summary>Whether it was cancelled.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>A token that is cancelled together with this.</summary>
    CancellationToken Token { get; }

    /// <summary>Cancels now. Failures of callbacks on <see cref="Token"/> are thrown together.</summary>
    void Cancel();

    /// <summary>Cancels now.</summary>
    /// <param name="throwOnFirstException">Whether the first callback on <see cref="Token"/> that fails is the last.</param>
    void Cancel(bool throwOnFirstException);

    /// <summary>Cancels after <paramref name="delay"/>.</summary>
    void CancelAfter(TimeSpan delay);

    /// <summary>Cancels after that many milliseconds.</summary>
    void CancelAfter(int millisecondsDelay);
}
