namespace Plexum.Codex.Inbox;

/// <summary>What an inbox is doing.</summary>
public enum InboxPhase
{
    /// <summary>It waits for messages.</summary>
    Listening,

    /// <summary>The platform cannot be reached or is not well; it is asked again, less and less often.</summary>
    PlatformDown,

    /// <summary>Messages cannot be written down, so none are taken.</summary>
    JournalDown,

    /// <summary>The platform refuses the workspace. Running turns end and their replies are kept.</summary>
    Refused,
}
