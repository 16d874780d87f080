namespace Akka.Actor;

/// <summary>Help for fields that hold a handle or null.</summary>
public static class CancelableExtensions
{
    /// <summary>Cancels if there is something to cancel.</summary>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
