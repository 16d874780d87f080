namespace Plexum.Codex.Molecule.Platform;

/// <summary>The platform is unreachable or failing. The same call may succeed later.</summary>
public sealed class PlatformUnavailableException : PlatformException
{
    /// <summary>Creates it with a message and the platform's Retry-After.</summary>
    public PlatformUnavailableException(string message, TimeSpan? retryAfter = null)
        : base(message) => RetryAfter = retryAfter;

    /// <summary>Creates it with a message and its cause.</summary>
    public PlatformUnavailableException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>How long the platform asked us to wait (Retry-After); null if it did not.</summary>
    public TimeSpan? RetryAfter { get; }
}
