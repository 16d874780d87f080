namespace Plexum.Codex.Inbox;

/// <summary>What an inbox is doing.</summary>
public enum InboxPhase
{
    /// <summary>Waiting for messages.</summary>
    Listening,

    /// <summary>The platform is unreachable or failing; polls are retried with back-off.</summary>
    PlatformDown,

    /// <summary>The journal cannot be written, so no messages are accepted.</summary>
    JournalDown,

    /// <summary>The platform refuses the workspace. Running turns finish, and their replies are recorded.</summary>
    Refused,
}
