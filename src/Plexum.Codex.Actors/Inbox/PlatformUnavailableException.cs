namespace Plexum.Codex.Inbox;

/// <summary>The platform cannot be reached, or says that it cannot do it now. The same may work later.</summary>
public sealed class PlatformUnavailableException : PlatformException
{
    /// <summary>Says what happened, and from when on the platform wants to be asked again.</summary>
    public PlatformUnavailableException(string message, TimeSpan? retryAfter = null)
        : base(message) =>
        RetryAfter = retryAfter;

    /// <summary>Says what happened, and what lies beneath it.</summary>
    public PlatformUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>How long the platform wants to be left alone; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
