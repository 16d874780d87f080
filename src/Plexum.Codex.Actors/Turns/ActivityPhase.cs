namespace Plexum.Codex.Turns;

/// <summary>Where an activity stands.</summary>
public enum ActivityPhase
{
    /// <summary>It has begun.</summary>
    Started,

    /// <summary>It has changed.</summary>
    Updated,

    /// <summary>It is over, well or badly.</summary>
    Completed,
}
