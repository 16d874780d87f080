namespace Plexum.Codex.Turns;

/// <summary>The phase of an activity.</summary>
public enum ActivityPhase
{
    /// <summary>It has begun.</summary>
    Started,

    /// <summary>It has changed.</summary>
    Updated,

    /// <summary>It has ended, successfully or not.</summary>
    Completed,
}
