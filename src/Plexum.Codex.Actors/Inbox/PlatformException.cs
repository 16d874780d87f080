namespace Plexum.Codex.Inbox;

/// <summary>The molecule platform did not do what was asked.</summary>
public class PlatformException : CodexException
{
    /// <summary>Says what happened.</summary>
    public PlatformException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened, and what lies beneath it.</summary>
    public PlatformException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
