namespace Plexum.Codex.Molecule.Inbox;

/// <summary>What a <see cref="ConversationActor"/> is doing.</summary>
internal enum ConversationPhase
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>It reads the journal.</summary>
    Looking,

    /// <summary>It submits a turn.</summary>
    Submitting,

    /// <summary>The turn waits or runs.</summary>
    Running,

    /// <summary>The reply is being recorded.</summary>
    Keeping,

    /// <summary>The reply is being sent.</summary>
    Delivering,

    /// <summary>A failed attempt, or giving up, is being recorded.</summary>
    Noting,

    /// <summary>It waits before it reads the journal again.</summary>
    Resting,
}
